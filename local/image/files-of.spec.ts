import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../source-files.ts';
import { entryOf, filesOf } from './files-of.ts';

const inProject = (path: string) => join(projectFolder, path);
const files = (name: string) =>
  filesOf(
    entryOf(name, (path) => existsSync(inProject(path))),
    (path) => readFileSync(inProject(path), 'utf8'),
  );

describe('the files of an image', () => {
  it('have of other contexts the published language alone', () => {
    const foreign = files('ordering').filter((path) => /^contexts\/(?!ordering\/)/.test(path));
    assert.deepEqual(foreign, ['contexts/catalog/contract.ts', 'contexts/shipping/contract.ts']);
  });
  it('have no specs and nothing that starts servers or runs on a laptop', () => {
    for (const name of ['catalog', 'ordering', 'shipping', 'relay']) {
      assert.deepEqual(
        files(name).filter((path) => path.includes('.spec.') || /^(local|bench|e2e|cli)\//.test(path)),
        [],
      );
    }
  });
  it('are those of a process outside contexts/ too', () => {
    assert.ok(files('relay').includes('relay/main.ts'));
  });
  it('cannot be told of what does not exist', () => {
    assert.throws(
      () => entryOf('billing', () => false),
      /neither contexts\/billing\/main.ts nor billing\/main.ts/,
    );
  });
});
