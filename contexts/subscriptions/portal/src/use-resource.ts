import { useCallback, useEffect, useState } from 'preact/hooks';
import { isSignedOut, messageOf, read } from './api.ts';
import { useSession } from './session.ts';

export type Resource<Answer> = {
  readonly data: Answer | undefined;
  readonly failure: string | undefined;
  readonly reload: () => void;
};

/** What `path` answers, read again every `everyMs` while somebody looks. The last answer stays when a read fails. */
export const useResource = <Answer>(path: string, everyMs?: number): Resource<Answer> => {
  const { forget } = useSession();
  const [held, setHeld] = useState<{ path: string; data: Answer }>();
  const [failure, setFailure] = useState<string>();
  const [turn, setTurn] = useState(0);
  const reload = useCallback(() => setTurn((before) => before + 1), []);

  // `turn` is not read: it is what asks for another read.
  useEffect(() => {
    let isOver = false;
    let timer: number | undefined;
    const failed = (cause: unknown): void => {
      if (isSignedOut(cause)) forget();
      setFailure(messageOf(cause));
    };
    const look = async (): Promise<void> => {
      try {
        const data = await read<Answer>(path);
        if (isOver) return;
        setHeld({ path, data });
        setFailure(undefined);
      } catch (cause) {
        if (!isOver) failed(cause);
      }
    };
    const again = async (): Promise<void> => {
      if (!document.hidden) await look();
      if (!isOver && everyMs) timer = window.setTimeout(() => void again(), everyMs);
    };
    void look().then(() => {
      if (!isOver && everyMs) timer = window.setTimeout(() => void again(), everyMs);
    });
    return () => {
      isOver = true;
      window.clearTimeout(timer);
    };
  }, [path, everyMs, turn, forget]);

  return { data: held?.path === path ? held.data : undefined, failure, reload };
};
