import { useState } from 'preact/hooks';
import { command } from '../api.ts';
import { dayText, timeText } from '../money.ts';
import { Badge } from '../parts/badge.tsx';
import { CommandButton, Failure } from '../parts/controls.tsx';
import { Page } from '../parts/page.tsx';
import { SecretShownOnce } from '../parts/secret-shown-once.tsx';
import { Table } from '../parts/table.tsx';
import { useCommand } from '../use-command.ts';
import { useList } from '../use-list.ts';
import type { Key, NewSecret } from '../wire.ts';
import { type Asked, AskKey } from './ask-key.tsx';

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

type ActionsProps = {
  readonly of: Key;
  readonly ask: (asked: Asked) => void;
  readonly toggle: () => void;
};

const Actions = ({ of: key, ask, toggle }: ActionsProps) => (
  <span class="row">
    {!isExpired(key) && (
      <CommandButton about={key.name} onClick={() => ask({ what: 'rotate', key })}>
        Rotate
      </CommandButton>
    )}
    <CommandButton about={key.name} onClick={toggle}>
      {key.disabled ? 'Enable' : 'Disable'}
    </CommandButton>
    <CommandButton about={key.name} kind="danger" onClick={() => ask({ what: 'revoke', key })}>
      Revoke
    </CommandButton>
  </span>
);

export const Keys = () => {
  const list = useList<Key>('/v1/keys');
  const { run, failure } = useCommand();
  const [asked, setAsked] = useState<Asked>();
  const [shown, setShown] = useState<NewSecret>();
  // Both at once: the focus goes back to where it was before the next dialog takes it.
  const close = (secret?: NewSecret): void => {
    setAsked(undefined);
    setShown(secret);
    list.reload();
  };
  const toggle = ({ keyId, disabled }: Key): void =>
    void run(async () => {
      await command('POST', `/v1/keys/${keyId}/${disabled ? 'enable' : 'disable'}`);
      list.reload();
    });
  return (
    <Page
      title="Keys"
      aside={
        <CommandButton kind="primary" onClick={() => setAsked({ what: 'create' })}>
          New key
        </CommandButton>
      }
    >
      {asked && <AskKey asked={asked} onClose={close} />}
      {shown && (
        <SecretShownOnce
          title={`The key ${shown.key.name}`}
          about="It is shown only now, and kept by nobody. Put it in a safe place."
          secret={shown.secret}
          onDone={() => setShown(undefined)}
        />
      )}
      <Failure text={failure} />
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
          { title: 'Actions', cell: (key) => <Actions of={key} ask={setAsked} toggle={() => toggle(key)} /> },
        ]}
      />
    </Page>
  );
};
