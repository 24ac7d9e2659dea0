export type ServerName = 'mongod' | 'redis-server';

/** `libraries` is a folder of shared libraries that were installed beside the binary, without root. */
export type Executable = { readonly command: string; readonly libraries?: string };

export type Progress = (line: string) => void;

export const environmentOf = ({ libraries }: Executable): NodeJS.ProcessEnv =>
  libraries ? { ...process.env, LD_LIBRARY_PATH: libraries } : { ...process.env };
