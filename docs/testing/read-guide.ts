/**
 * A guide is Markdown that a test can follow. A line that ends with a path in backticks and a colon says what file
 * the code block below it is about: a `diff` block changes the file, any other one but `sh` is the whole new file.
 *
 * In a diff block, lines that begin with a blank are there already and say where; `+` is added, `-` is removed;
 * a line `@@` parts two places of the same file.
 */
export type Step =
  | { readonly does: 'create'; readonly path: string; readonly text: string }
  | { readonly does: 'change'; readonly path: string; readonly hunks: readonly Hunk[] };

export type Hunk = {
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly added: number;
};

const BLOCK = /^.*`([\w./-]+)`:\n\n?```(\w+)\n([\s\S]*?)^```$/gm;

/** The steps of a guide in their order. @throws when a code block of a step names no file. */
export const stepsOf = (markdown: string): Step[] => {
  const steps = [...markdown.matchAll(BLOCK)].flatMap(([, path = '', language, text = '']): Step[] => {
    if (language === 'sh') return [];
    return language === 'diff'
      ? [{ does: 'change', path, hunks: hunksOf(text) }]
      : [{ does: 'create', path, text }];
  });
  const blocks = [...markdown.matchAll(/^```(\w+)$/gm)].filter(([, language]) => language !== 'sh');
  if (blocks.length !== steps.length) {
    throw new Error(
      `${blocks.length - steps.length} code blocks are not below a line that ends with a \`path\`:`,
    );
  }
  return steps;
};

/** @throws unless each place is there exactly once, so that a reader cannot miss it either. */
export const applyHunks = (text: string, hunks: readonly Hunk[]): string =>
  hunks
    .reduce(
      (lines, hunk) => lines.toSpliced(placeOf(lines, hunk), hunk.before.length, ...hunk.after),
      text.split('\n'),
    )
    .join('\n');

const placeOf = (lines: readonly string[], { before }: Hunk): number => {
  const places = lines.keys().filter((start) => before.every((line, index) => lines[start + index] === line));
  const [place, ...more] = places;
  if (place !== undefined && more.length === 0) return place;
  const times = place === undefined ? 0 : 1 + more.length;
  throw new Error(`these lines are there ${times} times, not once:\n${before.join('\n')}`);
};

/** Lines that a reader writes. */
export const linesOf = (step: Step): number =>
  step.does === 'create'
    ? step.text.split('\n').length - 1
    : step.hunks.reduce((sum, { added }) => sum + added, 0);

const hunksOf = (diff: string): Hunk[] =>
  diff
    .replace(/\n$/, '')
    .split(/^@@\n/m)
    .map((text) => hunkOf(text.replace(/\n$/, '').split('\n')));

const hunkOf = (lines: readonly string[]): Hunk => {
  const without = (sign: string) =>
    lines.filter((line) => !line.startsWith(sign)).map((line) => line.slice(1));
  return {
    before: without('+'),
    after: without('-'),
    added: lines.filter((line) => line.startsWith('+')).length,
  };
};
