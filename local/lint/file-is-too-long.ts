export type SourceFile = { readonly path: string; readonly text: string };

export type Fault = { readonly path: string; readonly message: string };

export type Rule = (file: SourceFile) => Fault[];

const limit = 300;

/** Specs, what they share, data and generated files are exempt: their length is not complexity. */
const isExempt = (path: string): boolean =>
  /\.(spec|data|generated)\.ts$/.test(path) || path.includes('/testing/');

export const fileIsTooLong: Rule = ({ path, text }) => {
  const lines = text.replace(/\n$/, '').split('\n').length;
  if (lines <= limit || isExempt(path)) return [];
  return [
    {
      path,
      message: `has ${lines} lines, the limit is ${limit}; move one of its ideas to a file of its own`,
    },
  ];
};
