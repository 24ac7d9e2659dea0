import type { z } from 'zod';

/**
 * The schemas of one subject kind: event name in the past tense → schema of its data.
 * A name that ends in V2, V3 … is a later version of the event without the suffix.
 */
export type SubjectSchemas = Record<string, z.ZodType>;

/** One event type of a published language, as producers, consumers and the context map name it. */
export type EventType<Name extends string = string, Schema extends z.ZodType = z.ZodType> = {
  /** The context that publishes it: `ordering`. */
  readonly context: string;
  /** The kind of subject that it is about: `order`, for subjects `order/…`. */
  readonly kind: string;
  /** Its name in the code: `OrderPlaced`. */
  readonly name: Name;
  /** Its name on the wire: `ordering.order-placed.v1`. */
  readonly type: string;
  readonly schema: Schema;
};

type NamesOf<Subjects> = { [Kind in keyof Subjects]: keyof Subjects[Kind] & string }[keyof Subjects];
type SchemaOf<Subjects, Name extends string> = {
  [Kind in keyof Subjects]: Name extends keyof Subjects[Kind] ? Subjects[Kind][Name] : never;
}[keyof Subjects];

/** What a context publishes: the only thing of it that another context may import. */
export type PublishedLanguage<
  Subjects extends Record<string, SubjectSchemas> = Record<string, SubjectSchemas>,
> = {
  readonly context: string;
  readonly subjects: Subjects;
  readonly events: {
    readonly [Name in NamesOf<Subjects>]: EventType<Name, Extract<SchemaOf<Subjects, Name>, z.ZodType>>;
  };
};

/** The domain events of one subject kind, as `decide` returns and `evolve` takes them. */
export type EventOf<Language extends PublishedLanguage, Kind extends keyof Language['subjects']> = {
  [Name in keyof Language['subjects'][Kind] & string]: {
    readonly type: Name;
    readonly data: z.output<Language['subjects'][Kind][Name]>;
  };
}[keyof Language['subjects'][Kind] & string];

/** Declares what a context publishes: for each subject kind, a zod schema per event. */
export const publishedLanguage = <const Subjects extends Record<string, SubjectSchemas>>(
  context: string,
  subjects: Subjects,
): PublishedLanguage<Subjects> => {
  const types = Object.entries(subjects).flatMap(([kind, schemas]) =>
    Object.entries(schemas).map(([name, schema]) => eventType({ context, kind, name, schema })),
  );
  const events = Object.fromEntries(types.map((type) => [type.name, type]));
  return { context, subjects, events: events as PublishedLanguage<Subjects>['events'] };
};

/** The same event type as a consumer reads it: a schema of only the fields that it needs. */
export const reading = <Name extends string, Schema extends z.ZodType, Part extends z.ZodType>(
  type: EventType<Name, Schema>,
  part: (schema: Schema) => Part,
): EventType<Name, Part> => ({ ...type, schema: part(type.schema) });

const eventType = (definition: Omit<EventType, 'type'>): EventType => {
  const [, stem = definition.name, version = '1'] = /^(.*?)(?:V(\d+))?$/.exec(definition.name) ?? [];
  return { ...definition, type: `${definition.context}.${kebabCase(stem)}.v${version}` };
};

const kebabCase = (name: string) => name.replace(/(?<!^)[A-Z]/g, '-$&').toLowerCase();
