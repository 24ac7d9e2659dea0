import type { Keywords, Schema } from './keywords.ts';
import type { Misfit } from './misfit.ts';
import type { Produced } from './produced.ts';

/** What a rule for some keywords is given. It answers for these alone; the others have rules of their own. */
export type Comparison = {
  readonly produced: Produced;
  /** One of the schemas that must be satisfied, without what it refers to. */
  readonly read: Keywords;
  readonly path: string;
  /** The schema as a whole, to which the references of what is produced relate. */
  readonly producedRoot: Keywords;
  /** The same of what is read. */
  readonly readRoot: Keywords;
  /** Compares what is within: a property, an element. */
  readonly within: (produced: Produced, read: Schema, path: string) => Misfit[];
};

export type KeywordRule = (comparison: Comparison) => Misfit[];
