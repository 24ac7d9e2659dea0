import { deepEqual, equal } from 'node:assert/strict';
import { missingLibraries, packageOfLibrary } from './debian-packages.ts';

describe('packageOfLibrary', () => {
  it('follows Debian in naming', () => {
    equal(packageOfLibrary('liblzf.so.1'), 'liblzf1');
    equal(packageOfLibrary('liblua5.1.so.0'), 'liblua5.1-0');
    equal(packageOfLibrary('libldap-2.5.so.0'), 'libldap-2.5-0');
    equal(packageOfLibrary('libhiredis.so.0.14'), 'libhiredis0.14');
  });
});

describe('missingLibraries', () => {
  it('names what ldd did not find', () =>
    deepEqual(
      missingLibraries(
        '\tlibm.so.6 => /lib/libm.so.6 (0x1)\n\tliblzf.so.1 => not found\n\tlibc.so.6 => /lib/libc.so.6\n',
      ),
      ['liblzf.so.1'],
    ));
});
