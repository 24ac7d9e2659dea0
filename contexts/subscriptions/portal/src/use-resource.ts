import { useCallback, useEffect, useState } from 'preact/hooks';
import { isSignedOut, messageOf, read } from './api.ts';
import { useSession } from './session.ts';
import { useIsWell } from './use-command.ts';

export type Resource<Answer> = {
  readonly data: Answer | undefined;
  /** Where there is nothing to show instead. */
  readonly failure: string | undefined;
  readonly reload: () => void;
};

/** The last answers, to be looked at while the service is away. They are those of whoever is signed in. */
const answers = new Map<string, unknown>();

export const forgetAnswers = (): void => answers.clear();

type Reading = {
  readonly everyMs: number | undefined;
  readonly onAnswer: (answer: unknown) => void;
  readonly onFailure: (cause: unknown) => void;
};

/** @returns what ends it; nothing is told after that */
const keepReading = (path: string, { everyMs, onAnswer, onFailure }: Reading): (() => void) => {
  let isOver = false;
  let timer: number | undefined;
  const look = async (): Promise<void> => {
    const tell = await read(path).then(
      (answer) => () => onAnswer(answer),
      (cause: unknown) => () => onFailure(cause),
    );
    if (!isOver) tell();
  };
  const again = async (): Promise<void> => {
    if (!document.hidden) await look();
    later();
  };
  const later = (): void => {
    if (!isOver && everyMs) timer = window.setTimeout(() => void again(), everyMs);
  };
  void look().then(later);
  return () => {
    isOver = true;
    window.clearTimeout(timer);
  };
};

/** What `path` answers, read again every `everyMs` while somebody looks, and when the service is back. */
export const useResource = <Answer>(path: string, everyMs?: number): Resource<Answer> => {
  const { forget } = useSession();
  const isFine = useIsWell();
  const [, setSeen] = useState({});
  const [failure, setFailure] = useState<string>();
  const [turn, setTurn] = useState(0);
  const reload = useCallback(() => setTurn((before) => before + 1), []);

  // `turn` and `isFine` are not read: they are what asks for another read.
  useEffect(
    () =>
      keepReading(path, {
        everyMs,
        onAnswer: (answer) => {
          answers.set(path, answer);
          setFailure(undefined);
          setSeen({});
        },
        onFailure: (cause) => {
          if (isSignedOut(cause)) forget();
          setFailure(messageOf(cause));
        },
      }),
    [path, everyMs, turn, forget, isFine],
  );

  const data = answers.get(path) as Answer | undefined;
  return { data, failure: data === undefined ? failure : undefined, reload };
};
