import { z } from 'zod';
import { queryRoute } from '../../../kit/rest/route.ts';
import { month } from '../input.ts';
import { monthOf } from '../pricing/month.ts';
import { consumptionIn, monthSchema } from '../views/consumption.ts';

const getConsumption = queryRoute({
  method: 'GET',
  path: '/v1/consumption',
  summary: 'Show what was consumed in a month, by day and meter',
  query: z.strictObject({ month: month.optional() }),
  answers: { 200: monthSchema },
  read: async ({ tenant, query, now }, db) => ({
    status: 200,
    body: await consumptionIn(db, tenant, query.month ?? monthOf(now.toISOString())),
  }),
});

export const consumptionApi = [getConsumption];
