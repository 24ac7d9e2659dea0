import { render } from 'preact';
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { command, isSignedOut, messageOf, read } from './api.ts';
import { Frame } from './frame.tsx';
import { AcceptInvitation, type Invitation, SignIn } from './pages/sign-in.tsx';
import { SessionContext } from './session.ts';
import type { Me } from './wire.ts';
import './style.css';

const invitationIn = (hash: string): Invitation | undefined => {
  const values = new URLSearchParams(hash.slice(hash.indexOf('?') + 1));
  const [account, token] = [values.get('account'), values.get('token')];
  return account && token ? { account, token } : undefined;
};

const Portal = () => {
  const [me, setMe] = useState<Me>();
  const [failure, setFailure] = useState<string>();
  const [isKnown, setKnown] = useState(false);
  const [invitation, setInvitation] = useState(() => invitationIn(window.location.hash));
  const forget = useCallback(() => setMe(undefined), []);
  const remember = useCallback(async () => setMe(await read<Me>('/v1/me')), []);
  const session = useMemo(() => ({ me, remember, forget }), [me, remember, forget]);
  const lookUp = useCallback(async () => {
    try {
      await remember();
      setFailure(undefined);
    } catch (cause) {
      setFailure(isSignedOut(cause) ? undefined : messageOf(cause));
    }
    setKnown(true);
  }, [remember]);
  useEffect(() => void lookUp(), [lookUp]);

  const signOut = (): void =>
    void command('DELETE', '/v1/sessions/current').then(forget, (cause) => setFailure(messageOf(cause)));
  const inside = () => {
    if (invitation) {
      return <AcceptInvitation invitation={invitation} onDone={() => setInvitation(undefined)} />;
    }
    if (!isKnown) return <p>Loading …</p>;
    return me ? undefined : <SignIn />;
  };
  return (
    <SessionContext.Provider value={session}>
      <Frame failure={failure} again={() => void lookUp()} signOut={signOut}>
        {inside()}
      </Frame>
    </SessionContext.Provider>
  );
};

const root = document.getElementById('portal');
if (root) render(<Portal />, root);
