import { equal } from 'node:assert/strict';
import { isSameQuantity } from './quantity.ts';

describe('isSameQuantity', () => {
  const same: [unknown, unknown][] = [
    ['1000m', '1'],
    [1, '1'],
    [0.5, '500m'],
    ['0.5Gi', '512Mi'],
    ['1.1', '1100m'],
    ['1e3', '1k'],
    ['1E', '1000P'],
    ['12E2', '1200'],
    ['.5', '500m'],
    ['-1', '-1000m'],
    ['100u', '0.1m'],
  ];
  for (const [one, other] of same) {
    it(`knows that ${one} is ${other}`, () => equal(isSameQuantity(one, other), true));
  }

  const others: [unknown, unknown][] = [
    ['1', '1Ki'],
    ['1G', '1Gi'],
    ['1', '1.000000001'],
    ['', ''],
    ['much', 'much'],
    ['1', undefined],
    ['1', '-1'],
    ['.', '.'],
  ];
  for (const [one, other] of others) {
    it(`tells ${one} from ${other}`, () => equal(isSameQuantity(one, other), false));
  }
});
