import assert from 'node:assert/strict';
import { reportedUsage } from './reported-usage.ts';

describe('reportedUsage', () => {
  it('reads meters and units', () => {
    assert.deepEqual(reportedUsage('letters=2, pages=7'), [
      { meter: 'letters', units: 2 },
      { meter: 'pages', units: 7 },
    ]);
  });
  it('leaves out what is malformed, nothing, or not a context’s to count', () => {
    assert.deepEqual(reportedUsage('requests=1, bytes=2, a=-1, b=0, c=1.5, D=1, =3, e'), []);
    assert.deepEqual(reportedUsage(undefined), []);
  });
});
