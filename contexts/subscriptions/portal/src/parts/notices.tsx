import { useIsWell } from '../use-command.ts';
import { useResource } from '../use-resource.ts';
import type { Account } from '../wire.ts';
import { Icon } from './icon.tsx';

/** Goes away by itself: the page tries again until changes are taken. */
export const ConnectionNotice = () => {
  const isFine = useIsWell();
  return (
    <output class={isFine ? '' : 'notice warn'}>
      {!isFine && (
        <>
          <Icon name="cloud" />
          <span>
            <strong>Read-only.</strong> Changes cannot be taken at the moment. What you see may be old; this
            page goes on by itself as soon as it can.
          </span>
        </>
      )}
    </output>
  );
};

const REASONS: Readonly<Record<string, string>> = {
  overdraft: 'The balance is below what the plan allows. A payment opens it again.',
  suspended: 'The operator has suspended it. Ask the operator.',
  fraud: 'Something looks like fraud. Ask the operator.',
  closed: 'It is closed for good.',
};

/** Seen on every page: nothing that the account pays for works. */
export const AccountNotice = () => {
  const { data } = useResource<Account>('/v1/account', 5_000);
  const reasons = data?.lockReasons ?? [];
  return (
    <div role="alert" class={reasons.length > 0 ? 'notice bad' : ''}>
      {reasons.length > 0 && (
        <>
          <Icon name="lock" />
          <span>
            <strong>The account is locked.</strong>{' '}
            {reasons.map((reason) => REASONS[reason] ?? reason).join(' ')}
          </span>
        </>
      )}
    </div>
  );
};
