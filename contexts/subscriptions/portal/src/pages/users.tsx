import { useState } from 'preact/hooks';
import { command } from '../api.ts';
import { Badge, type Tone } from '../parts/badge.tsx';
import { Choice, CommandButton, Failure, Field, valuesOf } from '../parts/controls.tsx';
import { FormDialog } from '../parts/dialog.tsx';
import { Page } from '../parts/page.tsx';
import { SecretShownOnce } from '../parts/secret-shown-once.tsx';
import { Table } from '../parts/table.tsx';
import { type Command, useCommand } from '../use-command.ts';
import { useList } from '../use-list.ts';
import { ROLES, type Role, type User } from '../wire.ts';

type Invited = { readonly user: User; readonly invitationLink: string };

const TONES: Readonly<Record<string, Tone>> = { active: 'good', invited: 'warn' };
const MAY: Readonly<Record<Role, string>> = {
  owner: 'owner: everything',
  billing: 'billing: balance, invoices, plan',
  developer: 'developer: keys',
};
const roles = (first: Role) =>
  ROLES.toSorted((one) => (one === first ? -1 : 0)).map((role) => [role, MAY[role]] as const);

type Asked = { readonly user?: User };

type ActionsProps = {
  readonly of: User;
  readonly changeRole: () => void;
  readonly act: (action: 'reset' | 'enable' | 'disable') => void;
};

const Actions = ({ of: { name, status }, changeRole, act }: ActionsProps) => {
  const isDisabled = status === 'disabled';
  return (
    <span class="row">
      <CommandButton about={`of ${name}`} onClick={changeRole}>
        Change role
      </CommandButton>
      {!isDisabled && (
        <CommandButton about={`for ${name}`} onClick={() => act('reset')}>
          New link
        </CommandButton>
      )}
      <CommandButton
        about={name}
        kind={isDisabled ? 'plain' : 'danger'}
        onClick={() => act(isDisabled ? 'enable' : 'disable')}
      >
        {isDisabled ? 'Enable' : 'Disable'}
      </CommandButton>
    </span>
  );
};

type AskProps = { readonly asked: Asked; readonly by: Command } & Pick<
  Parameters<typeof FormDialog>[0],
  'onSubmit' | 'onClose'
>;

const Ask = ({ asked: { user }, by: { failure, isBusy }, onSubmit, onClose }: AskProps) => (
  <FormDialog
    title={user ? `The role of ${user.name}` : 'Invite somebody'}
    action={user ? 'Save role' : 'Make an invitation link'}
    {...{ failure, isBusy, onSubmit, onClose }}
  >
    {!user && <Field label="Name" name="name" maxLength={200} required />}
    {!user && <Field label="E-mail" name="email" type="email" required />}
    <Choice label="Role" name="role" options={roles(user?.role ?? 'developer')} />
  </FormDialog>
);

const LinkShownOnce = ({ of, onDone }: { readonly of: Invited; readonly onDone: () => void }) => (
  <SecretShownOnce
    title={`The link for ${of.user.name}`}
    about="Whoever opens it chooses the password. It works once, and is shown only now: pass it on safely."
    secret={new URL(of.invitationLink, window.location.origin).href}
    onDone={onDone}
  />
);

export const Users = () => {
  const list = useList<User>('/v1/users');
  const asking = useCommand('Look at the list: who is there needs a new link.');
  const acting = useCommand();
  const [asked, setAsked] = useState<Asked>();
  const [shown, setShown] = useState<Invited>();
  const submit = async (form: HTMLFormElement): Promise<void> => {
    const user = asked?.user;
    const body = valuesOf(form);
    await asking.run(async () => {
      const answer = user
        ? await command<User>('PUT', `/v1/users/${user.userId}/role`, { body })
        : await command<Invited>('POST', '/v1/users', { body });
      setAsked(undefined);
      if ('invitationLink' in answer) setShown(answer);
    });
    list.reload();
  };
  const act = ({ userId }: User, action: string): void =>
    void acting.run(async () => {
      const answer = await command<Invited | User>('POST', `/v1/users/${userId}/${action}`);
      if ('invitationLink' in answer) setShown(answer);
      list.reload();
    });
  return (
    <Page
      title="Users"
      aside={
        <CommandButton kind="primary" onClick={() => setAsked({})}>
          Invite
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
      {shown && <LinkShownOnce of={shown} onDone={() => setShown(undefined)} />}
      <Failure text={acting.failure} />
      <Table
        caption="Users of this account"
        list={list}
        idOf={({ userId }) => userId}
        whenEmpty="There is nobody."
        columns={[
          { title: 'Name', cell: ({ name }) => name },
          { title: 'E-mail', cell: ({ email }) => email },
          { title: 'Role', cell: ({ role }) => role },
          { title: 'State', cell: ({ status }) => <Badge tone={TONES[status] ?? 'plain'} text={status} /> },
          {
            title: 'Actions',
            cell: (user) => (
              <Actions of={user} changeRole={() => setAsked({ user })} act={(action) => act(user, action)} />
            ),
          },
        ]}
      />
    </Page>
  );
};
