import { deepEqual, equal } from 'node:assert/strict';
import type { Condition, StatedCondition } from './condition.ts';
import { changedReasons, settle, timeOf, withCondition } from './conditions.ts';

const stated = (overrides: Partial<StatedCondition> = {}): StatedCondition => ({
  type: 'Ready',
  status: 'True',
  reason: 'AllIsWell',
  message: 'Everything runs.',
  ...overrides,
});

const aCondition = (overrides: Partial<Condition> = {}): Condition => ({
  ...stated(),
  observedGeneration: 1,
  lastTransitionTime: '2026-01-01T00:00:00Z',
  ...overrides,
});

const now = new Date('2026-02-02T00:00:00.123Z');

describe('settle', () => {
  const settled = (after: StatedCondition, ...before: Condition[]) =>
    settle([after], { before, generation: 2, now })[0];

  it('dates a condition that is new', () =>
    deepEqual(settled(stated()), {
      ...stated(),
      observedGeneration: 2,
      lastTransitionTime: '2026-02-02T00:00:00Z',
    }));

  it('keeps the time while the status stays the same, whatever else changes', () =>
    equal(
      settled(stated({ reason: 'Other', message: 'Other.' }), aCondition())?.lastTransitionTime,
      '2026-01-01T00:00:00Z',
    ));

  it('dates a condition whose status changes', () =>
    equal(settled(stated({ status: 'False' }), aCondition())?.lastTransitionTime, timeOf(now)));

  it('drops what is no longer stated, and keeps the order', () =>
    deepEqual(
      settle([stated({ type: 'B' }), stated({ type: 'A' })], {
        before: [aCondition({ type: 'A' }), aCondition({ type: 'Gone' })],
        generation: 2,
        now,
      }).map(({ type }) => type),
      ['B', 'A'],
    ));
});

describe('withCondition', () => {
  it('replaces the one of its type in its place', () =>
    deepEqual(
      withCondition([stated(), stated({ type: 'B' })], stated({ status: 'False' })).map(
        ({ type, status }) => `${type} ${status}`,
      ),
      ['Ready False', 'B True'],
    ));
  it('adds one that is not there', () => equal(withCondition([], stated()).length, 1));
});

describe('changedReasons', () => {
  const changed = (before: Condition[], after: Condition[]) =>
    changedReasons(before, after).map(({ type }) => type);

  it('names what has another reason or status', () => {
    deepEqual(changed([aCondition()], [aCondition({ reason: 'Other' })]), ['Ready']);
    deepEqual(changed([aCondition()], [aCondition({ status: 'False' })]), ['Ready']);
  });
  it('is silent of another message', () =>
    deepEqual(changed([aCondition()], [aCondition({ message: 'In other words.' })]), []));
  it('names what is new, unless it is Unknown', () =>
    deepEqual(changed([], [aCondition(), aCondition({ type: 'Standing', status: 'Unknown' })]), ['Ready']));
});
