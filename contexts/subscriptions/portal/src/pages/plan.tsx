import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { command } from '../api.ts';
import { dayText, moneyText, numberText } from '../money.ts';
import { Badge } from '../parts/badge.tsx';
import { Choice, CommandButton, Failure, valuesOf } from '../parts/controls.tsx';
import { FormDialog } from '../parts/dialog.tsx';
import { Page } from '../parts/page.tsx';
import { useSession } from '../session.ts';
import { useCommand, useWishId } from '../use-command.ts';
import { useList } from '../use-list.ts';
import { useResource } from '../use-resource.ts';
import type { Account, Plan, Prices, Subscription } from '../wire.ts';

type Change = { readonly plan: string; readonly status: string; readonly due?: string };

const unitTexts = ({ perUnit, included, currency }: Prices): string[] =>
  Object.entries(perUnit).map(([meter, amount]) => {
    const free = included[meter] ?? 0;
    const price = amount === 0 ? 'free' : `${moneyText({ amount, currency })} each`;
    return free > 0 ? `${numberText(free)} ${meter} included, then ${price}` : `${meter}: ${price}`;
  });

const Offer = ({ plan, children }: { readonly plan: Plan; readonly children: ComponentChildren }) => (
  <li class="card offer">
    <h2>{plan.displayName}</h2>
    {plan.prices && (
      <p class="big">
        {moneyText({ amount: plan.prices.basePerMonth, currency: plan.prices.currency })}
        <span class="hint"> a month</span>
      </p>
    )}
    <ul>
      {(plan.prices ? unitTexts(plan.prices) : ['No price is published.']).map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
    {children}
  </li>
);

type AskProps = {
  readonly plan: Plan;
  readonly subscriptions: readonly Subscription[];
  readonly onDone: (change?: Change) => void;
};

const AskForPlan = ({ plan, subscriptions, onDone }: AskProps) => {
  const { run, failure, isBusy } = useCommand('Send it again: it counts once.');
  const idOf = useWishId();
  const submit = (form: HTMLFormElement): void => {
    const only = subscriptions[0]?.subscriptionId;
    const wish = { subscriptionId: only, ...valuesOf(form), plan: plan.plan };
    const sending = { body: wish, idempotencyKey: idOf(wish) };
    void run(async () => onDone(await command<Change>('POST', '/v1/account/plan-change', sending)));
  };
  return (
    <FormDialog
      title={`Change to ${plan.displayName}`}
      action="Ask for this plan"
      {...{ failure, isBusy, onSubmit: submit, onClose: () => onDone() }}
    >
      {subscriptions.length > 1 && (
        <Choice
          label="Subscription"
          name="subscriptionId"
          options={subscriptions.map(({ subscriptionId, name }) => [subscriptionId, name])}
        />
      )}
      <Choice
        label="From"
        name="when"
        options={[
          ['next-period', 'the next month on'],
          ['now', 'now on'],
        ]}
      />
    </FormDialog>
  );
};

const saidOf = ({ plan, due }: Change): string =>
  due
    ? `Asked for ${plan} from ${dayText(due)} on.`
    : `Asked for ${plan}. It shows here as soon as the operator has made the change.`;

const livingOf = ({ subscriptions }: Account): readonly Subscription[] =>
  subscriptions.filter(({ state }) => state !== 'Ended');

export const PlanPage = () => {
  const { me } = useSession();
  const account = useResource<Account>('/v1/account', 5_000);
  const plans = useList<Plan>('/v1/plans');
  const [asked, setAsked] = useState<Plan>();
  const [said, setSaid] = useState('');
  const current = account.data?.plan;
  const subscriptions = account.data ? livingOf(account.data) : [];
  const mayAsk = me?.role !== 'developer' && subscriptions.length > 0;
  const done = (change?: Change): void => {
    if (change) setSaid(saidOf(change));
    setAsked(undefined);
  };
  return (
    <Page title="Plan">
      <Failure text={account.failure ?? plans.failure} />
      <output class={said ? 'notice good' : ''}>{said}</output>
      {asked && <AskForPlan plan={asked} subscriptions={subscriptions} onDone={done} />}
      {plans.items?.length === 0 && <p class="card empty">There is no plan to choose.</p>}
      <ul class="offers" aria-label="Plans">
        {plans.items?.map((plan) => (
          <Offer key={plan.plan} plan={plan}>
            {plan.plan === current && <Badge tone="good" text="Your plan" />}
            {plan.plan !== current && mayAsk && (
              <CommandButton about={plan.displayName} onClick={() => setAsked(plan)}>
                Choose
              </CommandButton>
            )}
          </Offer>
        ))}
      </ul>
    </Page>
  );
};
