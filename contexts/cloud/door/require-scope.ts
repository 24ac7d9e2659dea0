import { scopeMissing } from '../errors.ts';

const READING = new Set(['GET', 'HEAD']);

/** @throws Refused, 403, where the key has neither `*` nor the scope that this method needs in this context. */
export const requireScope = (context: string, method: string, scopes: readonly string[]): void => {
  const scope = `${context}:${READING.has(method) ? 'read' : 'write'}`;
  if (!scopes.includes('*') && !scopes.includes(scope)) throw scopeMissing(scope);
};
