import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Me } from './wire.ts';

export type Session = {
  readonly me: Me | undefined;
  /** After signing in: reads who it is. */
  readonly remember: () => Promise<void>;
  /** The session is over, by whom ever: back to signing in. */
  readonly forget: () => void;
};

export const SessionContext = createContext<Session>({
  me: undefined,
  remember: async () => undefined,
  forget: () => undefined,
});

export const useSession = (): Session => useContext(SessionContext);
