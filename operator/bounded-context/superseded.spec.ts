import { deepEqual } from 'node:assert/strict';
import type { BoundedContext, BoundedContextSpec } from '../api/bounded-context.ts';
import { stillRuns, supersededBy } from './superseded.ts';

const aSpec = (version: string, image: string) =>
  ({ version, image, publishes: [], upstreams: [] }) as unknown as BoundedContextSpec;

const having = (released: BoundedContextSpec, ...superseded: BoundedContextSpec[]) =>
  ({ status: { conditions: [], released, superseded } }) as unknown as BoundedContext;

const versionsOf = (programs: readonly { version: string; image: string }[]) =>
  programs.map(({ version, image }) => `${version} ${image}`);

describe('what a release supersedes', () => {
  it('is what was released, and before that, the last first and each once', () => {
    const context = having(aSpec('2', 'b'), aSpec('1', 'a'), aSpec('2', 'b'));
    deepEqual(versionsOf(supersededBy(aSpec('3', 'c'), context)), ['2 b', '1 a']);
  });
  it('is not itself', () =>
    deepEqual(versionsOf(supersededBy(aSpec('2', 'b'), having(aSpec('2', 'b'), aSpec('1', 'a')))), ['1 a']));
  it('is another version of the same image, and another image of the same version', () => {
    deepEqual(versionsOf(supersededBy(aSpec('2', 'a'), having(aSpec('1', 'a')))), ['1 a']);
    deepEqual(versionsOf(supersededBy(aSpec('1', 'b'), having(aSpec('1', 'a')))), ['1 a']);
  });
});

describe('whether a version still runs', () => {
  it('goes by version and image', () => {
    const running = [{ version: '1', image: 'a' }];
    const runs = (version: string, image: string) => stillRuns({ version, image }, running);
    deepEqual([runs('1', 'a'), runs('2', 'a'), runs('1', 'b')], [true, false, false]);
  });
});
