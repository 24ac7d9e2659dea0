import { Job, Queue, Worker } from 'bullmq';

/** Data that is JSON text already. BullMQ would quote and escape it as a string, and both sides would pay. */
export type JsonText = { readonly text: string; toJSON(): unknown };

export const jsonText = (text: string): JsonText => ({ text, toJSON: () => null });

/** Stores the text of its data as it is; the worker's side reads it like any job. */
class TextJob extends Job<JsonText> {
  override asJSON(): ReturnType<Job['asJSON']> {
    return { ...super.asJSON(), data: this.data.text };
  }
}

/** A job whose text is no JSON has empty data. BullMQ would leave it in hand for ever. */
class ReadJob extends Job {
  static override fromJSON(
    ...[queue, json, jobId]: Parameters<typeof Job.fromJSON>
  ): Job<never, never, never> {
    try {
      return Job.fromJSON(queue, json, jobId);
    } catch {
      return Job.fromJSON(queue, { ...json, data: '{}' }, jobId);
    }
  }
}

/** A queue whose jobs' data is JSON text. BullMQ's extension point is a getter, hence the classes. */
export class TextQueue extends Queue<JsonText> {
  protected override get Job(): typeof Job {
    return TextJob as unknown as typeof Job;
  }
}

export class TextWorker<Data> extends Worker<Data> {
  protected override get Job(): typeof Job {
    return ReadJob as unknown as typeof Job;
  }
}
