// A command that starts a control plane, says what it started and then waits for its end.
import { startControlPlane } from '../start-control-plane.ts';

const { apiServer, etcd } = await startControlPlane();
console.log(JSON.stringify({ ports: [apiServer.port, etcd.port] }));
setInterval(() => undefined, 60_000);
