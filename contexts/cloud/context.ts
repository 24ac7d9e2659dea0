import type { BoundedContext } from '../../kit/context/context.ts';
import { cloud as language } from './contract.ts';
import { credential } from './credential.ts';
import { credentialOwner } from './credential-owner.ts';
import { statuses } from './errors.ts';
import { planLimits } from './plan-limits.ts';
import { reactions } from './reactions.ts';
import { serve } from './serve.ts';
import { standing } from './standing.ts';
import { usage } from './usage.ts';

export const cloud: BoundedContext = {
  name: 'cloud',
  version: '0.1.0',
  scope: 'Platform',
  frontDoor: true,
  publishes: language,
  upstreams: [
    { context: 'subscriptions', relation: 'Conformist', start: 'snapshot', staleness: 'PT5S' },
    { context: 'platform', relation: 'Conformist', start: 'snapshot', staleness: 'PT5S' },
  ],
  aggregates: [credential, credentialOwner, standing, planLimits, usage],
  api: [],
  reactions,
  refusals: statuses,
  serve,
};
