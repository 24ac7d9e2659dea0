/** Whether the last reads and the last command were taken by somebody. */
export type Connection = { readonly reads: boolean; readonly commands: boolean };

type Listener = (connection: Connection) => void;

const AGAIN_MS = 3_000;

let connection: Connection = { reads: true, commands: true };
const listeners = new Set<Listener>();

export const currentConnection = (): Connection => connection;

export const told = (kind: keyof Connection, wasTaken: boolean): void => {
  if (connection[kind] === wasTaken) return;
  connection = { ...connection, [kind]: wasTaken };
  for (const listener of listeners) listener(connection);
};

/** @returns what ends it */
export const onConnection = (listener: Listener): (() => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export const isWell = ({ reads, commands }: Connection): boolean => reads && commands;

/** While something is not taken, tries again until it is. @returns what ends it */
export const tryUntilWell = (tries: readonly (() => Promise<unknown>)[]): (() => void) => {
  let timer: number | undefined;
  const later = (): void => {
    timer ??= window.setTimeout(() => void again(), AGAIN_MS);
  };
  const again = async (): Promise<void> => {
    await Promise.allSettled(tries.map((one) => one()));
    timer = undefined;
    if (!isWell(connection)) later();
  };
  const stop = onConnection((now) => {
    if (!isWell(now)) later();
  });
  return () => {
    stop();
    window.clearTimeout(timer);
  };
};
