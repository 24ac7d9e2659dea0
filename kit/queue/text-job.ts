import { Job, Queue } from 'bullmq';

/** Data that is JSON text already. BullMQ would quote and escape it as a string, and both sides would pay. */
export type JsonText = { readonly text: string; toJSON(): unknown };

export const jsonText = (text: string): JsonText => ({ text, toJSON: () => null });

/** Stores the text of its data as it is; the worker's side reads it like any job. */
class TextJob extends Job<JsonText> {
  override asJSON(): ReturnType<Job['asJSON']> {
    return { ...super.asJSON(), data: this.data.text };
  }
}

/** A queue whose jobs' data is JSON text. BullMQ's extension point is a getter, hence the classes. */
export class TextQueue extends Queue<JsonText> {
  protected override get Job(): typeof Job {
    return TextJob as unknown as typeof Job;
  }
}
