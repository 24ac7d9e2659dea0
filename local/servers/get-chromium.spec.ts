import { deepEqual } from 'node:assert/strict';
import { packagesToInstall } from './get-chromium.ts';

describe('packagesToInstall', () => {
  it('reads what apt would install, not what it would set up', () =>
    deepEqual(
      packagesToInstall(
        'Reading package lists...\nInst libogg0 (1.3.5-3 Debian:12 [amd64])\nInst chromium (1 Debian:12 [amd64]) []\nConf libogg0 (1.3.5-3 Debian:12 [amd64])\n',
      ),
      ['libogg0', 'chromium'],
    ));
});
