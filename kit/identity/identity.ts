/**
 * Who asks, as far as somebody trusted has verified it: the front door by a login key, or a context by a session of its
 * own. The tenant of a request comes from here and from nowhere else.
 */
export type Identity = {
  /** The tenant's permanent id. */
  readonly tenant: string;
  /** The user within the tenant; absent where a process asks for itself. */
  readonly user?: string;
  /** The login key by which the user asks. */
  readonly key?: string;
  /** What may be done: `ordering:read`, `ordering:write`, or `*` for all. */
  readonly scopes: readonly string[];
};

/** Where the front door's public keys are, and whose signature counts. */
export type IdentityIssuer = {
  /** The `iss` of its tokens. */
  readonly issuer: string;
  /** URL of its JWKS (RFC 7517). */
  readonly jwks: string;
};

/** In which a browser keeps the session of a context that lets people in by itself. */
export const SESSION_COOKIE = 'session';
