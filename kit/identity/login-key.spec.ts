import { equal, match, notEqual } from 'node:assert/strict';
import { hashOf, isWellFormed, newLoginKey } from './login-key.ts';

describe('a login key', () => {
  it('is cad_ and 36 digits of base 62', () => match(newLoginKey(), /^cad_[0-9A-Za-z]{36}$/));

  it('is well formed, and another each time', () => {
    const keys = Array.from({ length: 1_000 }, newLoginKey);
    equal(keys.every(isWellFormed), true);
    equal(new Set(keys).size, 1_000);
  });

  it('has a check that stays as it is: keys outlive releases', () => {
    equal(isWellFormed(`cad_${'0'.repeat(30)}2WRuQC`), true);
  });

  it('is not well formed with any one digit changed', () => {
    const key = newLoginKey();
    for (let at = 4; at < key.length; at += 1) {
      const other = key[at] === 'a' ? 'b' : 'a';
      equal(isWellFormed(key.slice(0, at) + other + key.slice(at + 1)), false);
    }
  });

  for (const [what, change] of [
    ['cut off', (key: string) => key.slice(0, -1)],
    ['longer', (key: string) => `${key}0`],
    ['of another prefix', (key: string) => `dac_${key.slice(4)}`],
    ['followed by a line end', (key: string) => `${key}\n`],
    ['empty', () => ''],
  ] as const) {
    it(`is not well formed when ${what}`, () => equal(isWellFormed(change(newLoginKey())), false));
  }

  it('is kept as its SHA-256 in hexadecimal digits', () => {
    equal(hashOf('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    notEqual(hashOf(newLoginKey()), hashOf(newLoginKey()));
  });
});
