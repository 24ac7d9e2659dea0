import { useEffect, useState } from 'preact/hooks';

const BASE = '/portal';

/** `/portal/keys` → `/keys`. */
const here = (): string => window.location.pathname.slice(BASE.length) || '/';

export const urlOf = (path: string): string => `${BASE}${path}`;

export const go = (path: string): void => {
  window.history.pushState(undefined, '', urlOf(path));
  window.dispatchEvent(new PopStateEvent('popstate'));
};

export const useHere = (): string => {
  const [path, setPath] = useState(here);
  useEffect(() => {
    const follow = (): void => setPath(here());
    window.addEventListener('popstate', follow);
    return () => window.removeEventListener('popstate', follow);
  }, []);
  return path;
};
