import { deepEqual, equal, notEqual } from 'node:assert/strict';
import { typedIn, withOutput, withoutVariations } from './guide.ts';

const fence = '```';
const page = `# Page
## Install
${fence}sh
helm install
${fence}
${fence}text
installed at 2026-01-31T12:00:00Z
${fence}
## Use
${fence}sh
use
${fence}
${fence}yaml
not: typed
${fence}
`;

describe('a page that is typed', () => {
  it('has commands by section, with what came of them where it is shown', () =>
    deepEqual(typedIn(page), [
      { section: 'Install', commands: 'helm install\n', output: 'installed at 2026-01-31T12:00:00Z\n' },
      { section: 'Use', commands: 'use\n' },
    ]));

  it('takes other output', () => {
    const [install, use] = typedIn(page);
    if (install === undefined || use === undefined) throw new Error('the page has two');
    deepEqual(typedIn(withOutput(page, install, '$& is installed\n'))[0]?.output, '$& is installed\n');
    equal(withOutput(page, use, 'used\n'), page);
  });
});

describe('output without variations', () => {
  const same = (one: string, other: string) => equal(withoutVariations(one), withoutVariations(other));

  it('is the same at another time, with other ids and other widths', () => {
    same('tenant/acme   acme-9f73a916   7s', 'tenant/acme  acme-00000001  2m31s');
    same('LAST DEPLOYED: Mon Nov 23 07:03:05 2026', 'LAST DEPLOYED: Tue Feb 3 17:23:45 2026');
    same('+86 ms  at 2026-11-23T07:36:26.692Z', '+1204 ms  at 2026-11-24T01:00:00.000Z');
    same('pod/ordering-79b86776b5-5r86f', 'pod/ordering-5ccb468fc7-gvlhx');
    same('order/01a20755-b341-74d9-a5db-ac4eab15c338', 'order/01a20756-0000-74d9-a5db-ac4eab15c338');
  });

  it('is the same in another order', () => same('a\nb', 'b\na'));

  it('differs where words, numbers or versions do', () => {
    notEqual(withoutVariations('Ready True'), withoutVariations('Ready False'));
    notEqual(withoutVariations('quantity 2'), withoutVariations('quantity 3'));
    notEqual(withoutVariations('0.1.0'), withoutVariations('0.1.1'));
    notEqual(withoutVariations('Empty'), withoutVariations(''));
  });
});
