import { useState } from 'preact/hooks';
import { command } from '../api.ts';
import { dayText, timeText } from '../money.ts';
import { Badge } from '../parts/badge.tsx';
import { Choice, CommandButton, Failure, Field, valuesOf } from '../parts/controls.tsx';
import { FormDialog } from '../parts/dialog.tsx';
import { Page } from '../parts/page.tsx';
import { SecretShownOnce } from '../parts/secret-shown-once.tsx';
import { Table } from '../parts/table.tsx';
import { type Command, useCommand } from '../use-command.ts';
import { useList } from '../use-list.ts';
import type { Key, NewSecret } from '../wire.ts';

/** Seconds for which the secret before a rotation goes on. */
const GRACES = [
  ['86400', 'after a day'],
  ['3600', 'after an hour'],
  ['604800', 'after a week'],
  ['0', 'at once'],
] as const;

type Asked = { readonly what: 'create' } | { readonly what: 'rotate' | 'revoke'; readonly key: Key };

const isExpired = ({ expiresAt }: Key): boolean =>
  expiresAt !== undefined && new Date(expiresAt) <= new Date();

const State = (key: Key) => {
  if (key.disabled) return <Badge tone="plain" text="Disabled" />;
  if (isExpired(key)) return <Badge tone="bad" text="Expired" />;
  const { previousUntil } = key;
  const isShared = previousUntil !== undefined && new Date(previousUntil) > new Date();
  return (
    <>
      <Badge tone="good" text="Works" />
      {isShared && <span class="hint">the secret before until {timeText(previousUntil)}</span>}
    </>
  );
};

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

type AskProps = {
  readonly asked: Asked;
  readonly by: Command;
  readonly onSubmit: (form: HTMLFormElement) => void;
  readonly onClose: () => void;
};

const Ask = ({ asked, by, onSubmit, onClose }: AskProps) => (
  <FormDialog
    title={TITLES[asked.what]}
    action={ACTIONS[asked.what]}
    kind={asked.what === 'revoke' ? 'danger' : 'primary'}
    {...{ failure: by.failure, isBusy: by.isBusy, onSubmit, onClose }}
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

const send = async (asked: Asked, form: HTMLFormElement): Promise<NewSecret | undefined> => {
  if (asked.what === 'create') return command<NewSecret>('POST', '/v1/keys', { body: wishOf(form) });
  const path = `/v1/keys/${asked.key.keyId}`;
  if (asked.what === 'revoke') return command<undefined>('DELETE', path);
  const body = { graceSeconds: Number(valuesOf(form)['graceSeconds']) };
  return command<NewSecret>('POST', `${path}/rotate`, { body });
};

export const Keys = () => {
  const list = useList<Key>('/v1/keys');
  const asking = useCommand('Look at the list: if it was done, rotate the key to get a secret.');
  const toggling = useCommand();
  const [asked, setAsked] = useState<Asked>();
  const [shown, setShown] = useState<NewSecret>();
  const submit = async (form: HTMLFormElement): Promise<void> => {
    if (asked === undefined) return;
    await asking.run(async () => {
      const answer = await send(asked, form);
      // First, so that the focus goes back to where it was before the next dialog takes it.
      setAsked(undefined);
      setShown(answer);
    });
    list.reload();
  };
  const toggle = ({ keyId, disabled }: Key): void =>
    void toggling.run(async () => {
      await command('POST', `/v1/keys/${keyId}/${disabled ? 'enable' : 'disable'}`);
      list.reload();
    });
  const actions = (key: Key) => (
    <span class="row">
      {!isExpired(key) && (
        <CommandButton about={key.name} onClick={() => setAsked({ what: 'rotate', key })}>
          Rotate
        </CommandButton>
      )}
      <CommandButton about={key.name} onClick={() => toggle(key)}>
        {key.disabled ? 'Enable' : 'Disable'}
      </CommandButton>
      <CommandButton about={key.name} kind="danger" onClick={() => setAsked({ what: 'revoke', key })}>
        Revoke
      </CommandButton>
    </span>
  );
  return (
    <Page
      title="Keys"
      aside={
        <CommandButton kind="primary" onClick={() => setAsked({ what: 'create' })}>
          New key
        </CommandButton>
      }
    >
      {asked && (
        <Ask
          asked={asked}
          by={asking}
          onSubmit={(form) => void submit(form)}
          onClose={() => setAsked(undefined)}
        />
      )}
      {shown && (
        <SecretShownOnce
          title={`The key ${shown.key.name}`}
          about="It is shown only now, and kept by nobody. Put it in a safe place."
          secret={shown.secret}
          onDone={() => setShown(undefined)}
        />
      )}
      <Failure text={toggling.failure} />
      <Table
        caption="Login keys"
        list={list}
        idOf={({ keyId }) => keyId}
        whenEmpty="There is no key yet. With one, a program of yours comes in through the front door."
        columns={[
          { title: 'Name', cell: ({ name }) => name },
          { title: 'Scopes', cell: ({ scopes }) => scopes.join(', ') },
          { title: 'State', cell: State },
          { title: 'Expires', cell: ({ expiresAt }) => (expiresAt ? dayText(expiresAt) : 'Never') },
          { title: 'Last used', cell: ({ lastUsedAt }) => (lastUsedAt ? timeText(lastUsedAt) : 'Never') },
          { title: 'Actions', cell: actions },
        ]}
      />
    </Page>
  );
};
