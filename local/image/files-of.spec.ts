import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../source-files.ts';
import { entryOf, filesOf, pageOf } from './files-of.ts';

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
  it('have of the operator its language alone, with the kit that it needs', () => {
    const written: Record<string, string> = {
      'contexts/cloud/main.ts': "import { platform } from '../../operator/events/language.ts';",
    };
    const read = (path: string) => written[path] ?? readFileSync(inProject(path), 'utf8');
    assert.deepEqual(filesOf('contexts/cloud/main.ts', read), [
      'contexts/cloud/main.ts',
      'kit/event/published-language.ts',
      'operator/events/language.ts',
    ]);
  });
  it('have the built page of their own context beside them', () =>
    assert.equal(pageOf('contexts/subscriptions/main.ts'), 'contexts/subscriptions/portal/dist'));
  it('cannot be told of what does not exist', () => {
    assert.throws(
      () => entryOf('billing', () => false),
      /neither contexts\/billing\/main.ts nor billing\/main.ts/,
    );
  });
});
