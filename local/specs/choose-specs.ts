import { existsSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import { projectFolder } from '../source-files.ts';

/** Mocha's options whose value is the next argument, which may look like a path. */
const takesValue = /^(-g|-f|-t|-s|--(grep|fgrep|timeout|slow|retries|reporter|reporter-option))$/;

export type Wishes = { readonly paths: readonly string[]; readonly mochaOptions: readonly string[] };

export const readArguments = (args: readonly string[]): Wishes => {
  const paths: string[] = [];
  const mochaOptions: string[] = [];
  args.forEach((arg, index) => {
    const isValue = takesValue.test(args[index - 1] ?? '');
    (arg.startsWith('-') || isValue ? mochaOptions : paths).push(arg);
  });
  return { paths, mochaOptions };
};

/** Fast ones first, so that a broken rule shows in the first second. */
const rank = (file: string): number => {
  if (file.startsWith('e2e/') || file.endsWith('.slow.spec.ts')) return 2;
  return file.endsWith('.int.spec.ts') ? 1 : 0;
};

const isWithin = (file: string, path: string): boolean => {
  const wanted = (isAbsolute(path) ? relative(projectFolder, path) : path)
    .replace(/^\.\//, '')
    .replace(/\/$/, '');
  return wanted === '' || wanted === '.' || file === wanted || file.startsWith(`${wanted}/`);
};

export const chooseSpecs = (files: readonly string[], paths: readonly string[]): string[] =>
  files
    .filter((file) => paths.length === 0 || paths.some((path) => isWithin(file, path)))
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));

/** A mistyped path must not run fewer tests in silence. */
export const unknownPaths = (paths: readonly string[]): string[] =>
  paths.filter((path) => !existsSync(resolve(projectFolder, path)));
