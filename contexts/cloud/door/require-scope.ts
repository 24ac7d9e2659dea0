import { allows, scopeNeeded } from '../../../kit/identity/scopes.ts';
import { scopeMissing } from '../errors.ts';

/** @throws Refused, 403, where the key lacks the scope that this method needs in this context. */
export const requireScope = (context: string, method: string, scopes: readonly string[]): void => {
  const scope = scopeNeeded(context, method);
  if (!allows(scopes, scope)) throw scopeMissing(scope);
};
