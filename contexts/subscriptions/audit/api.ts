import { z } from 'zod';
import { pageQuery, pageSchema } from '../../../kit/rest/page.ts';
import { queryRoute } from '../../../kit/rest/route.ts';
import { listAudit } from '../views/audit.ts';

const entrySchema = z.object({
  at: z.string(),
  actor: z.string().optional(),
  what: z.string(),
  subject: z.string(),
  details: z.record(z.string(), z.unknown()),
});

const getAudit = queryRoute({
  method: 'GET',
  path: '/v1/audit',
  summary: 'List who did what, newest first',
  query: pageQuery,
  answers: { 200: pageSchema(entrySchema) },
  read: async ({ tenant, query }, db) => ({ status: 200, body: await listAudit(db, tenant, query) }),
});

export const auditApi = [getAudit];
