import { useEffect, useState } from 'preact/hooks';
import { isSignedOut, messageOf } from './api.ts';
import { type Connection, currentConnection, onConnection } from './connection.ts';
import { useSession } from './session.ts';

export const useConnection = (): Connection => {
  const [connection, setConnection] = useState(currentConnection);
  useEffect(() => {
    setConnection(currentConnection());
    return onConnection(setConnection);
  }, []);
  return connection;
};

export type Command = {
  /** Only one at a time. @returns whether it was done */
  readonly run: (work: () => Promise<void>) => Promise<boolean>;
  readonly isBusy: boolean;
  readonly failure: string | undefined;
};

export const useCommand = (): Command => {
  const { me, forget } = useSession();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const run = async (work: () => Promise<void>): Promise<boolean> => {
    if (isBusy) return false;
    setBusy(true);
    setFailure(undefined);
    try {
      await work();
      return true;
    } catch (cause) {
      if (me && isSignedOut(cause)) forget();
      setFailure(messageOf(cause));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { run, isBusy, failure };
};
