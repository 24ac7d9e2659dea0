// node local/image/copy.ts <context, relay or operator> <folder>: copies what its image needs.
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectFolder } from '../source-files.ts';
import { entryOf, filesOf, pageOf } from './files-of.ts';

const [name = '', folder = ''] = process.argv.slice(2);
if (folder === '') throw new Error('usage: node local/image/copy.ts <context, relay or operator> <folder>');
const source = (path: string) => join(projectFolder, path);
const entry = entryOf(name, (path) => existsSync(source(path)));
for (const path of filesOf(entry, (one) => readFileSync(source(one), 'utf8'))) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  copyFileSync(source(path), join(folder, path));
}
const page = pageOf(entry);
if (existsSync(source(page))) cpSync(source(page), join(folder, page), { recursive: true });
copyFileSync(source('package.json'), join(folder, 'package.json'));
writeFileSync(join(folder, 'main.ts'), `import './${entry}';\n`);
