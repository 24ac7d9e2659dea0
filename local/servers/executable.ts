import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export type ServerName = 'mongod' | 'redis-server' | 'etcd' | 'kube-apiserver';

/** `libraries` is a folder of shared libraries that were installed beside the binary, without root. */
export type Executable = { readonly command: string; readonly libraries?: string };

export type Progress = (line: string) => void;

export const environmentOf = ({ libraries }: Executable): NodeJS.ProcessEnv =>
  libraries ? { ...process.env, LD_LIBRARY_PATH: libraries } : { ...process.env };

export const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
};

export const fromPath = (name: string): Executable | undefined => {
  const command = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isExecutable);
  return command ? { command } : undefined;
};
