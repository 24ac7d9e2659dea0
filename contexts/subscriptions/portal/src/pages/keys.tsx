import { useState } from 'preact/hooks';
import { command } from '../api.ts';
import { timeText } from '../money.ts';
import { CommandButton, Failure, Field, valuesOf } from '../parts/controls.tsx';
import { Page } from '../parts/page.tsx';
import { SecretShownOnce } from '../parts/secret-shown-once.tsx';
import { Table } from '../parts/table.tsx';
import { useCommand } from '../use-command.ts';
import { useList } from '../use-list.ts';
import type { Key, NewSecret } from '../wire.ts';

/** A day: programs with the old key have time to get the new one. */
const GRACE_SECONDS = 86_400;

const stateOf = ({ disabled, expiresAt, previousUntil }: Key): string => {
  if (disabled) return 'Disabled';
  if (expiresAt && new Date(expiresAt) <= new Date()) return 'Expired';
  return previousUntil ? `Works; the one before until ${timeText(previousUntil)}` : 'Works';
};

type ActionsProps = { readonly of: Key; readonly act: (path: string, body?: unknown) => void };

const Actions = ({ of, act }: ActionsProps) => {
  const revoke = (): void => {
    if (window.confirm(`Revoke ${of.name} for good? What uses it stops working at once.`)) act('');
  };
  return (
    <span class="row">
      <CommandButton about={of.name} onClick={() => act('/rotate', { graceSeconds: GRACE_SECONDS })}>
        Rotate
      </CommandButton>
      <CommandButton about={of.name} onClick={() => act(of.disabled ? '/enable' : '/disable')}>
        {of.disabled ? 'Enable' : 'Disable'}
      </CommandButton>
      <CommandButton about={of.name} kind="danger" onClick={revoke}>
        Revoke
      </CommandButton>
    </span>
  );
};

type NewKeyProps = { readonly create: (key: { name: string; scopes: string[] }) => Promise<boolean> };

const NewKey = ({ create }: NewKeyProps) => {
  const submit = async (form: HTMLFormElement): Promise<void> => {
    const { name = '', scopes = '' } = valuesOf(form);
    if (await create({ name, scopes: scopes.split(/[\s,]+/) })) form.reset();
  };
  return (
    <form
      class="card"
      aria-label="New key"
      onSubmit={(event) => {
        event.preventDefault();
        void submit(event.currentTarget);
      }}
    >
      <h2>New key</h2>
      <Field label="Name" name="name" maxLength={200} required />
      <Field
        label="Scopes"
        name="scopes"
        defaultValue="*"
        hint="Such as ordering:read ordering:write, or * for all."
        required
      />
      <CommandButton submit kind="primary">
        Create key
      </CommandButton>
    </form>
  );
};

export const Keys = () => {
  const list = useList<Key>('/v1/keys');
  const { run, failure } = useCommand();
  const [shown, setShown] = useState<NewSecret>();
  const create = (body: unknown): Promise<boolean> =>
    run(async () => {
      setShown(await command<NewSecret>('POST', '/v1/keys', body));
      list.reload();
    });
  const act = (key: Key) => (path: string, body?: unknown) =>
    void run(async () => {
      const method = path === '' ? 'DELETE' : 'POST';
      const answer = await command<NewSecret | Key | undefined>(method, `/v1/keys/${key.keyId}${path}`, body);
      if (answer && 'secret' in answer) setShown(answer);
      list.reload();
    });
  return (
    <Page title="Keys">
      {shown && (
        <SecretShownOnce
          title={`The key ${shown.key.name}`}
          secret={shown.secret}
          onDone={() => setShown(undefined)}
        />
      )}
      <Failure text={failure} />
      <Table
        caption="Login keys"
        list={list}
        idOf={({ keyId }) => keyId}
        whenEmpty="There is no key yet."
        columns={[
          { title: 'Name', cell: ({ name }) => name },
          { title: 'Scopes', cell: ({ scopes }) => scopes.join(', ') },
          { title: 'State', cell: stateOf },
          { title: 'Last used', cell: ({ lastUsedAt }) => (lastUsedAt ? timeText(lastUsedAt) : 'Never') },
          { title: 'Do', cell: (key) => <Actions of={key} act={act(key)} /> },
        ]}
      />
      <NewKey create={create} />
    </Page>
  );
};
