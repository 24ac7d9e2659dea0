import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { testServers } from '../../../local/servers/for-tests.ts';
import { LAST_MONTH, topUp, untilInvoiced } from './testing/acme.ts';
import { faintTexts, faultsOf } from './testing/faults-of.ts';
import { heading, type OpenPortal, openPortal } from './testing/open-portal.ts';

const PAGES = ['Consumption', 'Balance', 'Keys', 'Users', 'Invoices', 'Plan'];

describe('how the portal looks', function () {
  this.timeout(180_000);
  let portal: OpenPortal;

  before(async function () {
    this.timeout(300_000);
    portal = await openPortal(await testServers());
    await topUp(portal.served, 25_000, '2026-0017');
    await portal.served.staff('/v1/invoice-runs', { period: LAST_MONTH });
    const page = await portal.openSignedIn('/invoices');
    const headers = { 'x-requested-with': 'spec' };
    const post = async (path: string, data: object) =>
      ok((await page.request.post(`${portal.served.url}/v1/${path}`, { data, headers })).ok(), path);
    await post('users', { email: 'grace@example.com', name: 'Grace Hopper', role: 'developer' });
    await post('keys', { name: 'Web shop', scopes: ['catalog:read', 'ordering:write'] });
    await post('keys', { name: 'Till 3', scopes: ['*'], expiresAt: '2099-12-31T00:00:00Z' });
    await untilInvoiced(page);
    await page.context().close();
  });
  after(() => portal?.close());

  for (const colorScheme of [undefined, 'dark'] as const) {
    for (const width of [1200, 390]) {
      it(`is accessible, ${colorScheme ?? 'light'}, ${width} pixels wide`, async () => {
        const page = await portal.openSignedIn('/', { width, ...(colorScheme ? { colorScheme } : {}) });
        for (const name of PAGES) {
          await page.getByRole('navigation').getByRole('link', { name }).click();
          await heading(page, name);
          await page.getByText('…').first().waitFor({ state: 'detached' });
          deepEqual(await faultsOf(page), [], name);
          deepEqual(await faintTexts(page), [], name);
          await portal.picture(page, `${name.toLowerCase()}-${colorScheme ?? 'light'}-${width}`);
        }
        await page.context().close();
      });
    }
  }

  it('is a table to a screen reader, also where each row looks like a card', async () => {
    const page = await portal.openSignedIn('/users', { width: 390 });
    await page.getByRole('rowheader', { name: 'Ada Lovelace' }).waitFor();
    const said = await page.locator('body').ariaSnapshot();
    for (const part of [
      '- link "Skip to content"',
      '- banner:',
      '- navigation "Pages":',
      '- main:',
      '- heading "Users" [level=1]',
      '- button "Invite"',
      '- region "Users of this account":',
      '- table "Users of this account":',
      '- columnheader "E-mail"',
      '- rowheader "Ada Lovelace"',
      '- cell "ada@example.com"',
      '- button "Change role of Ada Lovelace"',
      '- button "New link for Ada Lovelace"',
    ]) {
      ok(said.includes(part), `${part} is not in\n${said}`);
    }
    await page.context().close();
  });

  for (const width of [1200, 390]) {
    it(`has dialogs and a way in that are accessible, ${width} pixels wide`, async () => {
      const page = await portal.openSignedIn('/keys', { width });
      await page.getByRole('button', { name: 'New key' }).click();
      match(await page.locator('body').ariaSnapshot(), /- dialog "New key":/);
      const fields = ['Name', 'Scopes', 'Expires'];
      for (const name of fields) equal(await page.getByRole('dialog').getByLabel(name).count(), 1, name);
      deepEqual([...(await faultsOf(page)), ...(await faintTexts(page))], []);
      await portal.picture(page, `new-key-${width}`);
      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await heading(page, 'Sign in');
      deepEqual([...(await faultsOf(page)), ...(await faintTexts(page))], []);
      await portal.picture(page, `sign-in-${width}`);
      await page.context().close();
    });
  }

  it('is served with guards, and nothing beside its files', async () => {
    const at = (path: string) => fetch(`${portal.served.url}${path}`);
    const answer = await at('/portal/keys');
    const policy = answer.headers.get('content-security-policy') ?? '';
    match(policy, /default-src 'none'/);
    match(policy, /frame-ancestors 'none'/);
    ok(!policy.includes('unsafe'));
    equal(answer.headers.get('cache-control'), 'no-store');
    equal(answer.headers.get('x-content-type-options'), 'nosniff');
    const script = /src="([^"]+)"/.exec(await answer.text())?.[1] ?? '';
    match((await at(script)).headers.get('cache-control') ?? '', /immutable/);
    equal((await at('/portal/assets/none.js')).status, 404);
    ok(!(await (await at('/portal/..%2f..%2fpackage.json')).text()).includes('"dependencies"'));
  });

  it('makes the browser complain of nothing', () => deepEqual(portal.complaints, []));
});
