/** The answer of a command, on standard output: JSON for programs, text for people. */
export const print = (json: boolean | undefined, value: unknown, text: () => string): void =>
  console.log(json ? JSON.stringify(value, undefined, 2) : text());

/** What goes on meanwhile. On standard error, so that the answer can be piped. */
export const progress = (line: string): void => console.error(line);

/** Tells each line once, until it changes. */
export const progressOnChange = (): ((line: string) => void) => {
  let last: string | undefined;
  return (line) => {
    if (line !== last) progress(line);
    last = line;
  };
};
