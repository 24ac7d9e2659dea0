import { z } from 'zod';
import { publishedLanguage } from '../../kit/event/published-language.ts';

const at = z.iso.datetime();
const userId = z.string().min(1).max(64);
const keyId = z.string().min(1).max(64);
/** SHA-256 of the whole login key in lower-case hexadecimal digits. The key itself is in no event. */
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const money = z.object({ amount: z.int(), currency: z.string().regex(/^[A-Z]{3}$/) });

/** Why an account is locked. It is open when no reason is left. */
export const LOCK_REASONS = ['overdraft', 'suspended', 'fraud', 'closed'] as const;

/** What subscriptions tells others. Whose account, user or key it is says the event's `tenant` alone. */
export const subscriptions = publishedLanguage('subscriptions', {
  /** A tenant has one account: `account/account`. */
  account: {
    /** All reasons there are now; told again when they change. */
    AccountLocked: z.object({ reasons: z.array(z.enum(LOCK_REASONS)).min(1), lockedAt: at }),
    AccountUnlocked: z.object({ unlockedAt: at }),
  },
  user: {
    /** None of the user's keys works while the user is disabled. */
    UserDisabled: z.object({ userId, disabledAt: at }),
    UserEnabled: z.object({ userId, enabledAt: at }),
  },
  key: {
    /** Told when a key is made, and, with what became of it since, to a consumer that joins. */
    KeyCreated: z.object({
      keyId,
      userId,
      hash,
      /** The hash before a rotation, which works until then. */
      previous: z.object({ hash, until: at }).optional(),
      /** `ordering:read`, `ordering:write`, or `*`. */
      scopes: z.array(z.string()).min(1).max(50),
      expiresAt: at.optional(),
      disabled: z.boolean(),
      createdAt: at,
    }),
    KeyRotated: z.object({
      keyId,
      hash,
      previous: z.object({ hash, until: at }).optional(),
      rotatedAt: at,
    }),
    KeyDisabled: z.object({ keyId, disabledAt: at }),
    KeyEnabled: z.object({ keyId, enabledAt: at }),
    /** The last that is told of a key. */
    KeyDeleted: z.object({ keyId, deletedAt: at }),
  },
  'plan-change': {
    /** The subscription by its permanent id, as subscription-changed names it; the plan by its name. */
    PlanChangeRequested: z.object({ subscriptionId: z.string(), plan: z.string(), requestedAt: at }),
  },
  invoice: {
    /** The account's invoice of a period, `2026-10`. */
    InvoiceIssued: z.object({ number: z.string(), period: z.string(), total: money, issuedAt: at }),
    InvoicePaid: z.object({ number: z.string(), paidAt: at }),
    InvoiceVoided: z.object({ number: z.string(), reason: z.string(), voidedAt: at }),
  },
});
