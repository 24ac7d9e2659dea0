import { z } from 'zod';

/** A CEL rule of the API server and the sentence with which it refuses: what to write instead. */
export type Rule = {
  readonly rule: string;
  readonly message: string;
  /** CEL that makes the sentence, where it can name the offender; `message` stands in when it fails. */
  readonly messageExpression?: string;
  /** `FieldValueInvalid` when absent. */
  readonly reason?: 'FieldValueForbidden' | 'FieldValueRequired';
  /** The field below the rule that is to blame: `.spec.publishes`. */
  readonly fieldPath?: string;
};

/** Where `z.toJSONSchema` and the CustomResourceDefinition have the rules. */
export const RULES = 'x-kubernetes-validations';

export const rulesOf = (schema: { readonly [keyword: string]: unknown }): readonly Rule[] =>
  (schema[RULES] ?? []) as readonly Rule[];

/** Adds CEL rules to a schema, for the CustomResourceDefinition alone: zod's own check never sees them. */
export const withRules = <T extends z.ZodType>(schema: T, ...rules: readonly Rule[]): T => {
  const meta = schema.meta() ?? {};
  return schema.meta({ ...meta, [RULES]: [...rulesOf(meta), ...rules] });
};

/** CEL's raw string leaves backslashes alone; a pattern has no quotes. */
export const matches = (value: string, pattern: RegExp): string => `${value}.matches(r'${pattern.source}')`;

/**
 * Text of one form. zod and the API server refuse anything else with the same sentence: a bare `pattern` in a
 * CustomResourceDefinition would answer with the regular expression. A limit that people meet belongs into the pattern
 * too; `maxLength` is what the API server needs to know that the rule is cheap, and it answers without a sentence.
 */
export const matching = (pattern: RegExp, says: string, maxLength = 253): z.ZodString =>
  withRules(z.string().max(maxLength).regex(pattern, says), {
    rule: matches('self', pattern),
    message: says,
  });

/** A rule over the name of an object, which is no part of the schema of its spec. */
export const nameMatches = (pattern: RegExp, message: string): Rule => ({
  rule: matches('self.metadata.name', pattern),
  message,
  fieldPath: '.metadata.name',
});

/** A field that never changes once it is there. */
export const immutable = <T extends z.ZodType>(schema: T, message: string): T =>
  withRules(schema, { rule: 'self == oldSelf', message, reason: 'FieldValueForbidden' });

/**
 * A list whose items have a key: the API server refuses a key that comes twice, and two appliers can own an item
 * each. The rule says the same in a sentence; its cost grows with the square of the length.
 */
export const keyedBy = <T extends z.ZodType>(schema: T, key: string, message?: string): T => {
  const keyed = schema.meta({
    ...schema.meta(),
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': [key],
  });
  return message === undefined ? keyed : withRules(keyed, unique(`.${key}`, message));
};

/** A list of texts, each at most once. */
export const aSet = <T extends z.ZodType>(schema: T, message: string): T =>
  withRules(schema.meta({ ...schema.meta(), 'x-kubernetes-list-type': 'set' }), unique('', message));

const unique = (key: string, message: string): Rule => ({
  rule: `self.all(a, self.exists_one(b, b${key} == a${key}))`,
  message,
});
