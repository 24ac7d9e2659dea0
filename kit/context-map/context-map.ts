import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { START_MODES } from '../event/cloud-event.ts';

/**
 * The context map as processes see it at run time: one JSON file, named by CADASTRE_MAP, plain or compressed by gzip,
 * which that of a thousand cells has to be to fit into a ConfigMap. It says which
 * deployments of contexts there are, what each asks for and of whom, and where each tenant lives.
 */
export const contextMapSchema = z.object({
  contexts: z.array(
    z.object({
      cell: z.string().min(1),
      name: z.string().min(1),
      database: z.string().min(1),
      /** A platform context serves every tenant; the others serve the tenants of their cell. */
      scope: z.enum(['Platform', 'Tenant']).default('Tenant'),
      /** Where its API is, without a slash at the end; absent where it has none. */
      url: z.string().optional(),
      upstreams: z
        .array(
          z.object({
            context: z.string().min(1),
            start: z.enum(START_MODES),
            /** Event types that it asks for, with the subject kind that each is about. */
            consumes: z.array(z.object({ type: z.string(), kind: z.string() })),
          }),
        )
        .default([]),
    }),
  ),
  /** Whose word contexts take for who asks; without it they let nobody in. */
  identity: z.object({ issuer: z.string().min(1), jwks: z.string().min(1) }).optional(),
  tenants: z.array(
    z.object({
      /** The permanent id; `*` stands for every tenant that is not listed (a laptop's map). */
      id: z.string().min(1),
      cell: z.string().min(1),
      contexts: z.array(z.string()),
    }),
  ),
});

export type ContextMap = z.infer<typeof contextMapSchema>;
export type MappedContext = ContextMap['contexts'][number];

/** The tenant of the platform's own facts: they go to everyone who asked. */
export const PLATFORM_TENANT = 'platform';

/** A consumer's name, the same for its queue, its watermark and its Redis prefix: `<cell>-<context>`. */
export const consumerName = ({ cell, name }: Pick<MappedContext, 'cell' | 'name'>): string =>
  `${cell}-${name}`;

/** The BullMQ prefix and ACL key pattern of a consumer; the braces keep its keys on one Redis slot. */
export const redisPrefix = (consumer: string): string => `{${consumer}}`;

/** The first two bytes of gzip, with which no JSON begins: RFC 1952, 2.3.1. */
const GZIP = [0x1f, 0x8b];

const textOf = (content: Buffer): string => {
  const isCompressed = GZIP.every((byte, index) => content[index] === byte);
  return (isCompressed ? gunzipSync(content) : content).toString('utf8');
};

/** @throws Error that names the file and what is wrong with it. */
export const parseContextMap = (file: string, content: Buffer): ContextMap => {
  try {
    return contextMapSchema.parse(JSON.parse(textOf(content)));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new Error(`cannot read the context map ${file}: ${why}; set CADASTRE_MAP to a valid map`, {
      cause,
    });
  }
};
