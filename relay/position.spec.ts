import assert from 'node:assert/strict';
import { Timestamp } from 'mongodb';
import { clusterTimeOf, isBefore, secondsBefore } from './position.ts';

describe('a resume token', () => {
  it('tells the cluster time that it begins with', () => {
    const token = { _data: '8265A1B2C30000000A2B0229296E04' };
    assert.deepEqual(clusterTimeOf(token), new Timestamp({ t: 0x65a1b2c3, i: 10 }));
  });
  it('of an unknown form stands for the beginning, so that nothing is missed', () => {
    assert.deepEqual(clusterTimeOf({ _data: 'unheard of' }), new Timestamp({ t: 0, i: 0 }));
  });
  it('sorts as text', () => {
    assert.ok(isBefore({ _data: '8265A1B2C3' }, { _data: '8265A1B2C4' }));
  });
});

describe('secondsBefore', () => {
  it('does not go below zero', () => {
    assert.equal(secondsBefore(new Timestamp({ t: 5, i: 3 }), 90).t, 0);
  });
});
