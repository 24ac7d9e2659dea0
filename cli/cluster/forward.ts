import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { Writable } from 'node:stream';
import { type KubeConfig, PortForward } from '@kubernetes/client-node';
import type { ContextPod } from './context-pods.ts';

/** A port of a pod, on the loopback of this machine. */
export type Forward = {
  readonly url: string;
  /** Why the last connection failed, when it did. */
  fault(): string | undefined;
  close(): void;
};

/** Nothing is asked of the cluster until somebody connects. */
export const forwardPort = async (
  kubeConfig: KubeConfig,
  { namespace, pod, port }: Pick<ContextPod, 'namespace' | 'pod' | 'port'>,
): Promise<Forward> => {
  const forwarder = new PortForward(kubeConfig);
  const closers = new Set<() => void>();
  let fault: string | undefined;
  // The kubelet says here that nothing listens on the port, and the like.
  const complaints = () =>
    new Writable({
      write: (chunk, _encoding, done) => {
        fault = complaintInWords(String(chunk).trim()) || fault;
        done();
      },
    });

  const connect = async (socket: Socket): Promise<void> => {
    socket.on('error', () => socket.destroy());
    const opened = await forwarder.portForward(namespace, pod, [port], socket, complaints(), socket);
    const tunnel = typeof opened === 'function' ? opened() : opened;
    if (!tunnel) return void socket.destroy();
    const close = () => {
      closers.delete(close);
      tunnel.close();
      socket.destroy();
    };
    closers.add(close);
    tunnel.addEventListener('close', close);
    socket.once('close', close);
  };
  const server = createServer((socket) => {
    connect(socket).catch((cause: unknown) => {
      fault = refusedBecause(cause, `${namespace}/${pod}`);
      socket.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fault: () => fault,
    close: () => {
      server.close();
      for (const close of closers) close();
    },
  };
};

/** The kubelet tells it at length, with ids that nobody knows. */
export const complaintInWords = (complaint: string): string => {
  if (complaint === '') return '';
  const why = /connection refused/.test(complaint) ? 'nothing listens there' : complaint;
  return `${why}; its pod may be starting, cadastre get says what is not ready: retry in some seconds`;
};

/** The library rejects with the WebSocket's event, which knows the status alone. */
const refusedBecause = (cause: unknown, pod: string): string => {
  const said = typeof cause === 'object' && cause !== null && 'message' in cause ? cause.message : cause;
  return String(said).includes('403')
    ? `you may not forward ports to the pod ${pod}: ask for the right to create pods/portforward`
    : `cannot forward a port to the pod ${pod}: ${said}`;
};
