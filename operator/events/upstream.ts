import { z } from 'zod';
import { publishedLanguage } from '../../kit/event/published-language.ts';

/**
 * What the operator reads of the subscriptions context: the customer's part of a contract that its upstream has to
 * keep. Whose account it is says the event's `tenant` alone.
 */
export const subscriptions = publishedLanguage('subscriptions', {
  account: {
    AccountLocked: z.object({ reasons: z.array(z.string()) }),
    AccountUnlocked: z.object({}),
  },
  'plan-change': {
    /** The subscription by its permanent id, as subscription-changed names it; the plan by its name. */
    PlanChangeRequested: z.object({ subscriptionId: z.string(), plan: z.string() }),
  },
});
