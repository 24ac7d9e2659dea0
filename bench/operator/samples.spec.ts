import { deepEqual, equal } from 'node:assert/strict';
import { samplesOf, sumOf } from './samples.ts';

const TEXT = `# HELP requests How many.
# TYPE requests counter
requests{code="200",verb="PATCH"} 12
requests{code="409",verb="PATCH"} 1
requests{code="200",verb="GET"} 1e+06
requests_seconds{verb="PATCH"} 7
up 1
`;

describe('samplesOf', () => {
  it('reads labels and values of one metric', () =>
    deepEqual(samplesOf(TEXT, 'requests')[1], { labels: { code: '409', verb: 'PATCH' }, value: 1 }));
  it('leaves out metrics whose names go on', () => equal(samplesOf(TEXT, 'requests').length, 3));
  it('reads large numbers', () => equal(samplesOf(TEXT, 'requests')[2]?.value, 1_000_000));
});

describe('sumOf', () => {
  it('adds what counts', () =>
    equal(
      sumOf(TEXT, 'requests', ({ verb }) => verb === 'PATCH'),
      13,
    ));
});
