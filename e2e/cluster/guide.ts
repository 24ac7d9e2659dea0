/** A `sh` block of a page and the `text` block below it: what is typed, and what came of it. */
export type Typed = {
  readonly section: string;
  readonly commands: string;
  /** Absent when the page shows none. */
  readonly output?: string;
};

const BLOCK = /^## (.+)$|^```sh\n([\s\S]*?)^```$(?:\n```text\n([\s\S]*?)^```$)?/gm;

export const typedIn = (markdown: string): Typed[] => {
  let section = '';
  return [...markdown.matchAll(BLOCK)].flatMap(([, heading, commands, output]): Typed[] => {
    section = heading ?? section;
    return commands === undefined ? [] : [{ section, commands, ...(output !== undefined && { output }) }];
  });
};

/** The page with this output in place of what it shows. */
export const withOutput = (markdown: string, { commands, output }: Typed, fresh: string): string => {
  const block = (text: string) => `\`\`\`sh\n${commands}\`\`\`\n\`\`\`text\n${text}\`\`\`\n`;
  return output === undefined ? markdown : markdown.replace(block(output), () => block(fresh));
};

/** What differs from one run to the next. */
const VARIES: readonly (readonly [RegExp, string])[] = [
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z\b/g, '<time>'],
  [/\b[A-Z][a-z]{2} [A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d \d{4}\b/g, '<time>'],
  [/\b\d\d:\d\d:\d\d\.\d{3}\b/g, '<time>'],
  [/[+-]?\b\d+(\.\d+)? ?ms\b/g, '<age>'],
  [/(?<![\w.-])(\d+(h|m|s|d))+(?![\w.-])/g, '<age>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<uuid>'],
  [/-[0-9a-f]{7,10}-[a-z0-9]{5}\b/g, '-<pod>'],
  [/\b([a-z]+)-[0-9a-f]{8}\b/g, '$1-<id>'],
  [/\b\d+\.\d+\.\d+\.\d+\b/g, '<ip>'],
  [/-{2,}/g, '--'],
  [/ {2,}/g, '  '],
  [/ +$/gm, ''],
];

/**
 * The lines in the order of the alphabet, with times, ages, ids and the widths of columns replaced, so that two runs are
 * the same text: what happens at two places at once is told in either order.
 */
export const withoutVariations = (output: string): string =>
  VARIES.reduce((text, [pattern, instead]) => text.replace(pattern, instead), output)
    .trim()
    .split('\n')
    .sort()
    .join('\n');
