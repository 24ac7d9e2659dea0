import { useEffect, useRef, useState } from 'preact/hooks';
import { command, isSignedOut, messageOf } from './api.ts';
import { currentConnection, isWell, onConnection } from './connection.ts';
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
export const useCommand = (whenUncertain?: string): Command => {
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

/** A POST that can be sent again after no answer: the same wish goes under the same key until it is answered. */
export const usePostOnce = (path: string): (<Answer>(body: object) => Promise<Answer>) => {
  const attempt = useRef<{ readonly wish: string; readonly idempotencyKey: string } | null>(null);
  return async <Answer>(body: object): Promise<Answer> => {
    const wish = JSON.stringify(body);
    if (attempt.current?.wish !== wish) attempt.current = { wish, idempotencyKey: crypto.randomUUID() };
    const { idempotencyKey } = attempt.current;
    const answer = await command<Answer>('POST', path, { body, idempotencyKey });
    attempt.current = null;
    return answer;
  };
};
