import type { KubeObject } from './kube-object.ts';

export type KubeRequest = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** As `resource.ts` makes them. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** `application/json` when absent; patches have a type of their own. */
  readonly contentType?: string;
  readonly signal?: AbortSignal;
  /** 30 s when absent. */
  readonly timeoutMs?: number;
};

export type WatchEvent = {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: KubeObject;
};

/**
 * Speaks HTTP with one API server: raw JSON in and out, one keep-alive agent, credentials read again when they rotate.
 *
 * Guarantee: a request that the API server refused, or that did not reach it, rejects; one that may have taken effect
 * is never repeated here unless repeating it changes nothing (GET, server-side apply). 429 and 503 with
 * `Retry-After` are waited for and repeated.
 */
export interface KubeClient {
  /** @throws ApiError for a status of 400 and above; ConnectionLost when there was no answer. */
  request<T>(request: KubeRequest): Promise<T>;
  /**
   * The events of a watch as they come. Ends when the API server closes the watch, which is normal.
   * @throws ApiError (410: the resource version is too old; relist); ConnectionLost, also after `idleMs` without
   *   an event or a bookmark.
   */
  watch(
    request: Omit<KubeRequest, 'method' | 'body'> & { readonly idleMs?: number },
  ): AsyncGenerator<WatchEvent>;
  /** Ends every request that is under way. */
  close(): void;
}
