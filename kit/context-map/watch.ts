import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type ContextMap, parseContextMap } from './context-map.ts';

const LOOK_EVERY_MS = 1_000;

/**
 * Reads the map again whenever its content changes, until the signal aborts. It looks at the content, not
 * at file events, because a ConfigMap is swapped by renaming a link. A map that cannot be read changes
 * nothing: the last good one stays in force and the error is logged once.
 */
export const watchContextMap = async (
  { file, signal, logger }: { file: string; signal: AbortSignal; logger: Logger },
  onChange: (map: ContextMap) => void,
): Promise<void> => {
  let last: Buffer | undefined;
  let lastError = '';
  while (!signal.aborted) {
    try {
      const content = await readContent(file);
      if (last === undefined || !content.equals(last)) onChange(parseContextMap(file, content));
      last = content;
      lastError = '';
    } catch (error) {
      if (String(error) !== lastError) logger.error({ error }, 'the context map stays as it was');
      lastError = String(error);
    }
    await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
};

const readContent = (file: string): Promise<Buffer> =>
  readFile(file).catch((cause: unknown) => {
    throw new Error(`cannot read the context map ${file}: ${cause}; set CADASTRE_MAP to a valid map`, {
      cause,
    });
  });
