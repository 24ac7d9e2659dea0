import { command } from '../api.ts';
import { Choice, Field, valuesOf } from '../parts/controls.tsx';
import { FormDialog } from '../parts/dialog.tsx';
import { useCommand, useWishId } from '../use-command.ts';
import type { Key, NewSecret } from '../wire.ts';

/** Seconds for which the secret before a rotation goes on. */
const GRACES = [
  ['86400', 'after a day'],
  ['3600', 'after an hour'],
  ['604800', 'after a week'],
  ['0', 'at once'],
] as const;

export type Asked = { readonly what: 'create' } | { readonly what: 'rotate' | 'revoke'; readonly key: Key };

/** The end of that day, where the customer is. */
const endOf = (day: string): string => new Date(`${day}T23:59:59.999`).toISOString();

const wishOf = (form: HTMLFormElement) => {
  const { name, scopes = '', expires } = valuesOf(form);
  return { name, scopes: scopes.split(/[\s,]+/), ...(expires && { expiresAt: endOf(expires) }) };
};

const NewKey = () => (
  <>
    <Field label="Name" name="name" maxLength={200} hint="What will use it, such as “till 3”." required />
    <Field
      label="Scopes"
      name="scopes"
      defaultValue="*"
      hint="Such as ordering:read ordering:write, or * for all."
      required
    />
    <Field
      label="Expires"
      name="expires"
      type="date"
      min={new Date().toLocaleDateString('sv')}
      hint="At the end of that day. Left empty, it never does."
    />
  </>
);

const Rotate = ({ of }: { readonly of: Key }) => (
  <>
    <p>{of.name} gets a new secret, which is shown once.</p>
    <Choice label="The secret before stops working" name="graceSeconds" options={GRACES} />
  </>
);

const TITLES = { create: 'New key', rotate: 'Rotate key', revoke: 'Revoke key' } as const;
const ACTIONS = { create: 'Create key', rotate: 'Rotate', revoke: 'Revoke for good' } as const;

const WHEN_UNCERTAIN = {
  create: 'Send it again: it makes one key.',
  rotate: 'It may have been done. Rotated again, the secret of now may stop at once.',
  revoke: 'Send it again.',
} as const;

type Sent = {
  readonly asked: Asked;
  readonly form: HTMLFormElement;
  readonly idOf: (wish: object) => string;
};

const send = async ({ asked, form, idOf }: Sent): Promise<NewSecret | undefined> => {
  if (asked.what === 'create') {
    const wish = wishOf(form);
    return command<NewSecret>('POST', '/v1/keys', { body: { ...wish, keyId: idOf(wish) } });
  }
  const path = `/v1/keys/${asked.key.keyId}`;
  if (asked.what === 'revoke') return command<undefined>('DELETE', path);
  const body = { graceSeconds: Number(valuesOf(form)['graceSeconds']) };
  return command<NewSecret>('POST', `${path}/rotate`, { body });
};

type AskProps = {
  readonly asked: Asked;
  /** With the secret where there is a new one; without, also when nothing was done. */
  readonly onClose: (secret?: NewSecret) => void;
};

export const AskKey = ({ asked, onClose }: AskProps) => {
  const { run, failure, isBusy } = useCommand(WHEN_UNCERTAIN[asked.what]);
  const idOf = useWishId();
  return (
    <FormDialog
      title={TITLES[asked.what]}
      action={ACTIONS[asked.what]}
      kind={asked.what === 'revoke' ? 'danger' : 'primary'}
      failure={failure}
      isBusy={isBusy}
      onSubmit={(form) => void run(async () => onClose(await send({ asked, form, idOf })))}
      onClose={() => onClose()}
    >
      {asked.what === 'create' && <NewKey />}
      {asked.what === 'rotate' && <Rotate of={asked.key} />}
      {asked.what === 'revoke' && (
        <p>
          What uses <strong>{asked.key.name}</strong> stops working at once. This cannot be undone.
        </p>
      )}
    </FormDialog>
  );
};
