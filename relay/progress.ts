import type { Position } from './position.ts';

/** A stretch of the change stream that holds events for one consumer. */
export type Segment = {
  /** Events of it that are not acknowledged yet. */
  open: number;
  /** Where the stream stands behind it; undefined while it may still grow. */
  end: Position | undefined;
};

/**
 * How far one consumer has come: all of the stream before `floor` has taken effect there. Batches are
 * acknowledged in any order; the floor rises only over what has no gap.
 */
export type Progress = { floor: Position; readonly segments: Segment[] };

export const progressFrom = (floor: Position): Progress => ({ floor, segments: [] });

/** A new last segment. `before` is where the stream stood ahead of it: nothing was open, all of that is done. */
export const openSegment = (progress: Progress, before: Position): Segment => {
  if (progress.segments.length === 0) progress.floor = before;
  const segment = { open: 0, end: undefined };
  progress.segments.push(segment);
  return segment;
};

/** Raises the floor over the segments that are done. */
export const settle = (progress: Progress): void => {
  for (let first = progress.segments[0]; first?.open === 0 && first.end; first = progress.segments[0]) {
    progress.floor = first.end;
    progress.segments.shift();
  }
};
