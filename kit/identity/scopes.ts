const READS = new Set(['GET', 'HEAD']);

/** `ordering:read` for what only looks, `ordering:write` for the rest. */
export const scopeNeeded = (context: string, method: string): string =>
  `${context}:${READS.has(method) ? 'read' : 'write'}`;

/** Whether whoever has these may do what needs that one: `*` is all of them. */
export const allows = (scopes: readonly string[], needed: string): boolean =>
  scopes.includes('*') || scopes.includes(needed);
