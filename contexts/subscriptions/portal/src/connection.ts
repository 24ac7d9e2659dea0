/** Whether the last reads and the last command were taken by somebody. */
export type Connection = { readonly reads: boolean; readonly commands: boolean };

type Listener = (connection: Connection) => void;

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
