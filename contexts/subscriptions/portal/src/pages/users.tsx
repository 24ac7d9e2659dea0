import { useState } from 'preact/hooks';
import { command } from '../api.ts';
import { Choice, CommandButton, Failure, Field, valuesOf } from '../parts/controls.tsx';
import { Page } from '../parts/page.tsx';
import { SecretShownOnce } from '../parts/secret-shown-once.tsx';
import { Table } from '../parts/table.tsx';
import { useCommand } from '../use-command.ts';
import { useList } from '../use-list.ts';
import { ROLES, type User } from '../wire.ts';

type Invited = { readonly user: User; readonly invitationLink: string };

const InviteUser = ({ invite }: { readonly invite: (body: unknown) => Promise<boolean> }) => {
  const submit = async (form: HTMLFormElement): Promise<void> => {
    if (await invite(valuesOf(form))) form.reset();
  };
  return (
    <form
      class="card"
      aria-label="Invite somebody"
      onSubmit={(event) => {
        event.preventDefault();
        void submit(event.currentTarget);
      }}
    >
      <h2>Invite somebody</h2>
      <Field label="Name" name="name" required />
      <Field label="E-mail" name="email" type="email" required />
      <Choice label="Role" name="role" options={ROLES.map((role) => [role, role])} />
      <CommandButton submit kind="primary">
        Make an invitation link
      </CommandButton>
    </form>
  );
};

export const Users = () => {
  const list = useList<User>('/v1/users');
  const { run, failure } = useCommand();
  const [shown, setShown] = useState<Invited>();
  const act = (path: string, body?: unknown): Promise<boolean> =>
    run(async () => {
      const answer = await command<Invited | User>('POST', `/v1/users${path}`, body);
      if ('invitationLink' in answer) setShown(answer);
      list.reload();
    });
  const actions = ({ userId, name, status }: User) => {
    const next = status === 'disabled' ? 'enable' : 'disable';
    return (
      <span class="row">
        <CommandButton about={name} onClick={() => void act(`/${userId}/${next}`)}>
          {next === 'enable' ? 'Enable' : 'Disable'}
        </CommandButton>
        <CommandButton about={`for ${name}`} onClick={() => void act(`/${userId}/reset`)}>
          New link
        </CommandButton>
      </span>
    );
  };
  return (
    <Page title="Users">
      {shown && (
        <SecretShownOnce
          title={`The link for ${shown.user.name}`}
          secret={new URL(shown.invitationLink, window.location.origin).href}
          onDone={() => setShown(undefined)}
        />
      )}
      <Failure text={failure} />
      <Table
        caption="Users of this account"
        list={list}
        idOf={({ userId }) => userId}
        whenEmpty="There is nobody."
        columns={[
          { title: 'Name', cell: ({ name }) => name },
          { title: 'E-mail', cell: ({ email }) => email },
          { title: 'Role', cell: ({ role }) => role },
          { title: 'State', cell: ({ status }) => status },
          { title: 'Do', cell: actions },
        ]}
      />
      <InviteUser invite={(body) => act('', body)} />
    </Page>
  );
};
