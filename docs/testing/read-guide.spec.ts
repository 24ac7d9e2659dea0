import assert from 'node:assert/strict';
import { applyHunks, linesOf, type Step, stepsOf } from './read-guide.ts';

const fence = '```';
const guide = `
# Guide
In \`a/b.ts\`:
${fence}diff
 const one = 1;
+const two = 2;
@@
-const three = 4;
+const three = 3;
${fence}

A new file, \`a/c.ts\`:

${fence}ts
export const c = 1;
${fence}
Then, with \`npm\`:
${fence}sh
npm start
${fence}
`;

const hunksIn = (step: Step | undefined) => (step?.does === 'change' ? step.hunks : []);

describe('stepsOf', () => {
  it('reads files to create and to change, and leaves commands out', () => {
    assert.deepEqual(
      stepsOf(guide).map(({ does, path }) => [does, path]),
      [
        ['change', 'a/b.ts'],
        ['create', 'a/c.ts'],
      ],
    );
  });

  it('refuses a block that belongs to no file', () => {
    assert.throws(() => stepsOf(`Look:\n${fence}ts\nconst a = 1;\n${fence}\n`), /1 code blocks/);
  });

  it('counts the lines that a reader writes', () => {
    assert.deepEqual(stepsOf(guide).map(linesOf), [2, 1]);
  });
});

describe('applyHunks', () => {
  const [step] = stepsOf(guide);

  it('changes each place', () => {
    const text = 'const one = 1;\n\nconst three = 4;\n';
    assert.equal(applyHunks(text, hunksIn(step)), 'const one = 1;\nconst two = 2;\n\nconst three = 3;\n');
  });

  it('refuses a place that is not there, or is there twice', () => {
    assert.throws(() => applyHunks('const three = 4;\n', hunksIn(step)), /0 times/);
    assert.throws(() => applyHunks('const one = 1;\nconst one = 1;\n', hunksIn(step)), /2 times/);
  });
});
