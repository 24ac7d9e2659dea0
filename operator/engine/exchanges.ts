import { ApiError } from './api-error.ts';
import type { Attempted, attempts, Reader } from './attempt.ts';
import type { Credentials } from './credentials.ts';
import type { KubeRequest } from './kube-client.ts';
import { pause } from './pause.ts';
import { repeatAfterMs } from './repeats.ts';

export type ExchangesOptions = {
  readonly attempt: ReturnType<typeof attempts>;
  readonly credentials: Credentials;
  readonly closing: AbortSignal;
};

type Failed = Pick<Attempted, 'request' | 'access'> & { readonly error: unknown; readonly failures: number };

const bodyOf = ({ body }: KubeRequest): string | undefined =>
  body === undefined ? undefined : JSON.stringify(body);

/** Makes a request as often as `repeats.ts` allows, and once more with new credentials when they were refused. */
export const exchanges = ({ attempt, credentials, closing }: ExchangesOptions) => {
  const waitMsAfter = async ({ request, access, error, failures }: Failed): Promise<number | undefined> => {
    const isUnauthorized = error instanceof ApiError && error.status === 401;
    if (isUnauthorized && failures === 1 && credentials.refused(await access)) return 0;
    return repeatAfterMs({ request, error, failures });
  };

  /** @throws what failed, when it is not to be repeated; the reason for which the wait was ended. */
  const waitAfter = async (failed: Failed): Promise<void> => {
    const waitMs = await waitMsAfter(failed);
    if (waitMs === undefined) throw failed.error;
    const { signal } = failed.request;
    await pause(waitMs * (1 + Math.random() / 4), signal ? AbortSignal.any([signal, closing]) : closing);
  };

  return async <R>(asked: Pick<Attempted, 'request' | 'isWatch'>, read: Reader<R>): Promise<R> => {
    const { request } = asked;
    request.signal?.throwIfAborted();
    const body = bodyOf(request);
    for (let failures = 1; ; failures += 1) {
      const access = credentials.access();
      try {
        return await attempt({ ...asked, body, access }, read);
      } catch (error) {
        await waitAfter({ request, access, error, failures });
      }
    }
  };
};
