import assert from 'node:assert/strict';
import { remembered } from './remembered.ts';

describe('remembered', () => {
  it('tells what is known until its time', () => {
    let now = 0;
    const { remember, recall } = remembered<string>(10, () => now);
    remember('a', 'ada', 100);
    now = 99;
    assert.equal(recall('a'), 'ada');
    now = 100;
    assert.equal(recall('a'), undefined);
    now = 0;
    assert.equal(recall('a'), undefined, 'it is forgotten for good');
  });

  it('forgets who was not asked for the longest', () => {
    const { remember, recall } = remembered<string>(2, () => 0);
    remember('a', 'ada', 1);
    remember('b', 'bob', 1);
    recall('a');
    remember('c', 'cem', 1);
    assert.deepEqual(['a', 'b', 'c'].map(recall), ['ada', undefined, 'cem']);
    remember('c', 'cleo', 1);
    assert.deepEqual(['a', 'c'].map(recall), ['ada', 'cleo']);
  });
});
