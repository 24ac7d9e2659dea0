/** One way in which what is published does not fit what is read. */
export type Misfit = {
  /** Where: `lines[].unitPrice.amount`; empty for the whole of it. */
  readonly path: string;
  /**
   * - `missing`: read, but not published; `optional`: may be absent, though the reader requires it;
   * - `refused`: published, though the reader refuses what it does not name;
   * - `differs`: of another type, or more values than the reader takes;
   * - `undecided`: it may fit or not, this cannot tell.
   */
  readonly kind: 'missing' | 'optional' | 'refused' | 'differs' | 'undecided';
  /** How each side has it, after "is published" and "is read": `as string`, `with minimum 0`. */
  readonly published: string;
  readonly read: string;
};

export const isUndecided = ({ kind }: Misfit): boolean => kind === 'undecided';

export const differs = (path: string, published: string, read: string): Misfit => ({
  path,
  kind: 'differs',
  published,
  read,
});

export const undecided = (path: string, published: string, read: string): Misfit => ({
  path,
  kind: 'undecided',
  published,
  read,
});

const place = ({ path }: Misfit): string => (path === '' ? 'the data as a whole' : path);

/** `lines[].quantity is published as string and read as integer` */
export const misfitText = (misfit: Misfit): string => {
  if (misfit.kind === 'missing') return `${place(misfit)} is read but not published`;
  if (misfit.kind === 'refused')
    return `${place(misfit)} is published, and the reader refuses what it does not name`;
  return `${place(misfit)} is published ${misfit.published} and read ${misfit.read}`;
};

/** The same of two versions of one schema, the older one first: `… was published … and is now published …` */
export const changeText = (misfit: Misfit): string =>
  `${place(misfit)} was published ${misfit.published} and is now published ${misfit.read}`;
