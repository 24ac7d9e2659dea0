import { useState } from 'preact/hooks';
import { command } from '../api.ts';
import { moneyText, numberText } from '../money.ts';
import { Choice, CommandButton, Failure, valuesOf } from '../parts/controls.tsx';
import { Page } from '../parts/page.tsx';
import { Table } from '../parts/table.tsx';
import { useCommand } from '../use-command.ts';
import { useList } from '../use-list.ts';
import { useResource } from '../use-resource.ts';
import type { Account, Plan } from '../wire.ts';

const feeOf = ({ prices }: Plan): string =>
  prices ? moneyText({ amount: prices.basePerMonth, currency: prices.currency }) : 'No price';

const unitsOf = ({ prices }: Plan): string =>
  Object.entries(prices?.perUnit ?? {})
    .map(([meter, amount]) => {
      const included = prices?.included[meter];
      const price = moneyText({ amount, currency: prices?.currency ?? 'EUR' });
      return `${meter} ${price}${included ? ` after ${numberText(included)}` : ''}`;
    })
    .join('; ');

type AskProps = { readonly account: Account; readonly plans: readonly Plan[] };

const AskForPlan = ({ account, plans }: AskProps) => {
  const { run, failure } = useCommand();
  const [said, setSaid] = useState('');
  const submit = async (form: HTMLFormElement): Promise<void> => {
    setSaid('');
    const body = valuesOf(form);
    const isDone = await run(() => command('POST', '/v1/account/plan-change', body));
    if (isDone) setSaid(`Asked for ${body['plan']}. It shows here when it holds.`);
  };
  return (
    <form
      class="card"
      aria-label="Ask for another plan"
      onSubmit={(event) => {
        event.preventDefault();
        void submit(event.currentTarget);
      }}
    >
      <h2>Ask for another plan</h2>
      <Choice
        label="Subscription"
        name="subscriptionId"
        options={account.subscriptions.map(({ subscriptionId, plan }) => [
          subscriptionId,
          `${subscriptionId} (${plan})`,
        ])}
      />
      <Choice label="Plan" name="plan" options={plans.map(({ plan, displayName }) => [plan, displayName])} />
      <Choice
        label="From"
        name="when"
        options={[
          ['next-period', 'the next month on'],
          ['now', 'now on'],
        ]}
      />
      <Failure text={failure} />
      <output>{said}</output>
      <CommandButton submit kind="primary">
        Ask for this plan
      </CommandButton>
    </form>
  );
};

export const PlanPage = () => {
  const account = useResource<Account>('/v1/account', 5_000);
  const plans = useList<Plan>('/v1/plans');
  return (
    <Page title="Plan">
      <Failure text={account.failure} />
      {account.data && (
        <p>
          Your plan: <strong>{account.data.plan ?? 'none'}</strong>
        </p>
      )}
      <Table
        caption="Plans"
        list={plans}
        idOf={({ plan }) => plan}
        whenEmpty="There is no plan to choose."
        columns={[
          { title: 'Plan', cell: ({ displayName }) => displayName },
          { title: 'Fee a month', isFigure: true, cell: feeOf },
          { title: 'Each unit', cell: unitsOf },
        ]}
      />
      {account.data && plans.items && account.data.subscriptions.length > 0 && (
        <AskForPlan account={account.data} plans={plans.items} />
      )}
    </Page>
  );
};
