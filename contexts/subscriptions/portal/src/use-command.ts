import { useEffect, useRef, useState } from 'preact/hooks';
import { isSignedOut, messageOf } from './api.ts';
import { currentConnection, isWell, onConnection } from './connection.ts';
import { newId } from './new-id.ts';
import { useSession } from './session.ts';

/** Whether reads and commands are taken. */
export const useIsWell = (): boolean => {
  const [isFine, setFine] = useState(() => isWell(currentConnection()));
  useEffect(() => {
    const look = (): void => setFine(isWell(currentConnection()));
    look();
    return onConnection(look);
  }, []);
  return isFine;
};

export type Command = {
  /** Only one at a time. @returns whether it was done */
  readonly run: (work: () => Promise<void>) => Promise<boolean>;
  readonly isBusy: boolean;
  readonly failure: string | undefined;
};

/** `whenUncertain` is said where no answer came, since what was asked may have been done. */
export const useCommand = (whenUncertain = ''): Command => {
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
      setFailure(messageOf(cause, whenUncertain));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { run, isBusy, failure };
};

/** Lets a wish be sent again after no answer: it has the same id until it is another wish. An answer ends the form. */
export const useWishId = (): ((wish: object) => string) => {
  const last = useRef<{ readonly wish: string; readonly id: string } | null>(null);
  return (wishedFor) => {
    const wish = JSON.stringify(wishedFor);
    if (last.current?.wish !== wish) last.current = { wish, id: newId() };
    return last.current.id;
  };
};
