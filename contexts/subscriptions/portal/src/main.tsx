import { render } from 'preact';
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { command, isSignedOut, messageOf, read, stayHere } from './api.ts';
import { tryUntilWell } from './connection.ts';
import { Frame } from './frame.tsx';
import { AcceptInvitation, type Invitation, SignIn } from './pages/sign-in.tsx';
import { SessionContext } from './session.ts';
import { forgetAnswers } from './use-resource.ts';
import type { Me } from './wire.ts';
import './style/base.css';
import './style/frame.css';
import './style/parts.css';

const invitationIn = (hash: string): Invitation | undefined => {
  const values = new URLSearchParams(hash.slice(hash.indexOf('?') + 1));
  const [account, token] = [values.get('account'), values.get('token')];
  return account && token ? { account, token } : undefined;
};

const useMe = () => {
  const [me, setMe] = useState<Me>();
  const forget = useCallback(() => {
    forgetAnswers();
    setMe(undefined);
  }, []);
  const remember = useCallback(async () => {
    forgetAnswers();
    setMe(await read<Me>('/v1/me'));
  }, []);
  return useMemo(() => ({ me, remember, forget }), [me, remember, forget]);
};

const Portal = () => {
  const session = useMe();
  const { me, remember, forget } = session;
  const [failure, setFailure] = useState<string>();
  const [isKnown, setKnown] = useState(false);
  const [invitation, setInvitation] = useState(() => invitationIn(window.location.hash));
  const [joined, setJoined] = useState<string>();
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
  useEffect(() => tryUntilWell([stayHere, () => read('/v1/me')]), []);

  const signOut = (): void =>
    void command('DELETE', '/v1/sessions/current').then(forget, (cause) => setFailure(messageOf(cause)));
  const inside = () => {
    if (invitation) {
      const accepted = (): void => {
        setJoined(invitation.account);
        setInvitation(undefined);
        forget();
      };
      return <AcceptInvitation invitation={invitation} onDone={accepted} />;
    }
    if (!isKnown) return <p>Loading …</p>;
    return me || failure ? undefined : <SignIn joined={joined} />;
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
