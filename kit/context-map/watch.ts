import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type ContextMap, readContextMap } from './context-map.ts';

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
  let last = '';
  let lastError = '';
  while (!signal.aborted) {
    try {
      const map = await readContextMap(file);
      const content = JSON.stringify(map);
      if (content !== last) onChange(map);
      last = content;
      lastError = '';
    } catch (error) {
      if (String(error) !== lastError) logger.error({ error }, 'the context map stays as it was');
      lastError = String(error);
    }
    await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
};
