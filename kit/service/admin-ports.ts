import type { ListenOptions } from '../rest/server.ts';
import { listen } from '../rest/server.ts';
import { type AdminOptions, createAdminApp, createMetricsApp } from './admin.ts';
import type { Part } from './lifecycle.ts';

export type AdminPorts = {
  readonly ADMIN_PORT: ListenOptions;
  readonly METRICS_PORT?: ListenOptions | undefined;
};

/** Opens the admin port, and the one for metrics alone where it is set. */
export const openAdminPorts = async (options: AdminOptions, ports: AdminPorts): Promise<Part[]> => {
  const admin = await listen(createAdminApp(options), ports.ADMIN_PORT);
  const parts = [{ name: 'admin port', stop: async () => void (await admin.close()) }];
  if (ports.METRICS_PORT === undefined) return parts;
  const metrics = await listen(createMetricsApp(options.metrics), ports.METRICS_PORT);
  return [...parts, { name: 'metrics port', stop: async () => void (await metrics.close()) }];
};
