import { useEffect } from 'preact/hooks';
import { command } from '../api.ts';
import { CommandButton, Failure, Field, secretOf, submitted, valuesOf } from '../parts/controls.tsx';
import { Page } from '../parts/page.tsx';
import { useSession } from '../session.ts';
import { useCommand } from '../use-command.ts';

/** `joined`: the account whose invitation was accepted just now. */
export const SignIn = ({ joined }: { readonly joined: string | undefined }) => {
  const { remember } = useSession();
  const { run, isBusy, failure } = useCommand();
  const signIn = (form: HTMLFormElement): void => {
    const { account, email } = valuesOf(form);
    void run(async () => {
      await command('POST', '/v1/sessions', {
        body: { account, email, password: secretOf(form, 'password') },
      });
      await remember();
    });
  };
  return (
    <Page title="Sign in">
      {joined && <p>Your password is saved. Sign in with it.</p>}
      <form class="card" aria-label="Sign in" onSubmit={submitted(signIn)}>
        <Field
          label="Account"
          name="account"
          autocomplete="organization"
          defaultValue={joined ?? ''}
          required
        />
        <Field label="E-mail" name="email" type="email" autocomplete="username" required />
        <Field label="Password" name="password" type="password" autocomplete="current-password" required />
        <Failure text={failure} />
        <CommandButton submit kind="primary" isBusy={isBusy}>
          Sign in
        </CommandButton>
      </form>
      <p class="hint">No way in? An owner of the account can make a new link for you.</p>
    </Page>
  );
};

/** `#/invitations/accept?account=…&token=…`: what follows # is sent to no server. */
export type Invitation = { readonly account: string; readonly token: string };

type AcceptProps = { readonly invitation: Invitation; readonly onDone: () => void };

export const AcceptInvitation = ({ invitation, onDone }: AcceptProps) => {
  const { run, isBusy, failure } = useCommand();
  // The token must stay neither in the history nor on the screen.
  useEffect(() => window.history.replaceState(undefined, '', window.location.pathname), []);
  const accept = (form: HTMLFormElement): void => {
    const password = secretOf(form, 'password');
    void run(async () => {
      await command('POST', '/v1/invitations/accept', { body: { ...invitation, password } });
      onDone();
    });
  };
  return (
    <Page title="Choose a password">
      <p>
        For the account <strong>{invitation.account}</strong>. You sign in with it from now on.
      </p>
      <form class="card" aria-label="Choose a password" onSubmit={submitted(accept)}>
        <Field
          label="New password"
          name="password"
          type="password"
          autocomplete="new-password"
          hint="At least 12 characters."
          minLength={12}
          required
        />
        <Failure text={failure} />
        <CommandButton submit kind="primary" isBusy={isBusy}>
          Save password
        </CommandButton>
      </form>
    </Page>
  );
};
