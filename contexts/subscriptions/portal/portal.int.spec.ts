import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { type Browser, chromium, type Page } from 'playwright-core';
import { buildPortal } from '../../../local/portal/build-portal.ts';
import { findChromium } from '../../../local/servers/find-chromium.ts';
import { PASSWORD, SECRET, type StandIn, startStandIn } from './testing/stand-in.ts';

const screenshots = process.env['PORTAL_SCREENSHOTS'];

/** What a screen reader would find wanting: fields and buttons without a name, doubled ids, headings, landmarks. */
const faultsOf = (page: Page): Promise<string[]> =>
  page.evaluate(`(() => {
    const faults = [];
    const all = (selector) => [...document.querySelectorAll(selector)];
    for (const field of all('input, select')) if (!field.labels?.length) faults.push('no label: ' + field.name);
    for (const one of all('button, a')) if (!(one.ariaLabel || one.textContent.trim())) faults.push('no name');
    const ids = all('[id]').map(({ id }) => id);
    for (const id of ids) if (ids.filter((other) => other === id).length > 1) faults.push('twice: ' + id);
    if (all('h1').length !== 1) faults.push('headings: ' + all('h1').length);
    if (all('main').length !== 1 || all('header').length !== 1) faults.push('landmarks');
    for (const table of all('table')) if (!table.caption) faults.push('a table without a caption');
    for (const svg of all('svg')) if (svg.getAttribute('role') !== 'img') faults.push('a drawing without a role');
    if (document.documentElement.scrollWidth > innerWidth) faults.push('wider than the window');
    return faults;
  })()`);

/** Contrast of each text with what is behind it (WCAG 2.2, 1.4.3), where it is below 4.5. */
const faintTexts = (page: Page): Promise<string[]> =>
  page.evaluate(`(() => {
    const rgb = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
    const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
      .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const behind = (node) => {
      for (let at = node; at; at = at.parentElement) {
        const color = rgb(getComputedStyle(at).backgroundColor);
        if (color.length === 3 || color[3] > 0) return color;
      }
      return matchMedia('(prefers-color-scheme: dark)').matches ? [0, 0, 0] : [255, 255, 255];
    };
    return [...document.querySelectorAll('body *')].flatMap((node) => {
      const says = [...node.childNodes].some((one) => one.nodeType === 3 && one.textContent.trim());
      if (!says || node.closest('script, noscript, title')) return [];
      const style = getComputedStyle(node);
      const [a, b] = [light(rgb(node.closest('svg') ? style.fill : style.color)), light(behind(node))];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      return ratio < 4.5 ? [ratio.toFixed(1) + ' ' + node.textContent.trim().slice(0, 40)] : [];
    });
  })()`);

describe('the portal', function () {
  this.timeout(60_000);
  let browser: Browser;
  let standIn: StandIn;
  let page: Page;
  const complaints: string[] = [];

  before(async function () {
    this.timeout(300_000);
    await buildPortal();
    browser = await chromium.launch(await findChromium(console.error));
  });
  after(() => browser?.close());

  const open = async (options: { colorScheme?: 'dark'; width?: number } = {}): Promise<void> => {
    const context = await browser.newContext({
      viewport: { width: options.width ?? 1100, height: 800 },
      permissions: ['clipboard-read', 'clipboard-write'],
      ...(options.colorScheme ? { colorScheme: options.colorScheme } : {}),
    });
    page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.on('console', (line) => {
      if (/Content Security Policy|Uncaught/.test(line.text())) complaints.push(line.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
  };
  beforeEach(async () => {
    complaints.length = 0;
    standIn = await startStandIn();
    await open();
  });
  afterEach(async () => {
    await page.context().close();
    await standIn.close();
    deepEqual(complaints, []);
  });

  const heading = (name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
  const go = (path: string) => page.goto(`${standIn.url}/portal${path}`);
  const goSignedIn = async (path: string): Promise<void> => {
    standIn.world.isSignedIn = true;
    await go(path);
    await page.getByRole('navigation').waitFor();
  };
  const picture = async (name: string): Promise<void> => {
    if (screenshots) await page.screenshot({ path: `${screenshots}/${name}.png`, fullPage: true });
  };

  describe('when nobody is signed in', () => {
    it('lets somebody sign in by the keyboard alone', async () => {
      await go('/');
      await heading('Sign in');
      deepEqual(await faultsOf(page), []);
      await page.keyboard.press('Tab');
      equal(await page.locator(':focus').textContent(), 'Skip to content');
      for (const value of ['acme', 'ada@example.org', PASSWORD]) {
        await page.keyboard.press('Tab');
        await page.keyboard.type(value);
      }
      await page.keyboard.press('Enter');
      await heading('Consumption');
      equal(await page.locator(':focus').textContent(), 'Consumption');
      equal(standIn.world.commands[0]?.header, 'portal');
    });

    it('says in an alert what was wrong', async () => {
      await go('/');
      await page.getByLabel('Account').fill('acme');
      await page.getByLabel('E-mail').fill('ada@example.org');
      await page.getByLabel('Password').fill('wrong');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').getByText('Account, e-mail or password is wrong.').waitFor();
    });

    it('accepts an invitation and takes its token off the address', async () => {
      await go('/#/invitations/accept?account=acme&token=t0k3n');
      await page.getByLabel('New password').fill(PASSWORD);
      equal(new URL(page.url()).hash, '');
      await page.getByRole('button', { name: 'Save password' }).click();
      await heading('Consumption');
      deepEqual(standIn.world.commands[0]?.body, { account: 'acme', token: 't0k3n', password: PASSWORD });
    });
  });

  describe('when an owner is signed in', () => {
    it('shows consumption that moves as usage arrives', async () => {
      await goSignedIn('/');
      await page.getByText('requests as a table').click();
      const lastOf = () => page.getByRole('row').filter({ hasText: new Date().toISOString().slice(0, 10) });
      match((await lastOf().textContent()) ?? '', /250$/);
      standIn.world.requestsToday = 777;
      await lastOf().getByText('777').waitFor();
    });

    it('shows the secret of a new key once and copies it', async () => {
      await goSignedIn('/keys');
      await page.getByLabel('Name').fill('ci');
      await page.getByRole('button', { name: 'Create key' }).click();
      await page.getByText(SECRET).waitFor();
      equal(await page.locator(':focus').textContent(), 'The key ci');
      await picture('keys');
      await page.getByRole('button', { name: 'Copy' }).click();
      await page.getByText('Copied.').waitFor();
      equal(await page.evaluate('navigator.clipboard.readText()'), SECRET);
      await page.getByRole('button', { name: 'I have kept it' }).click();
      equal(await page.getByText(SECRET).count(), 0);
    });

    it('rotates, disables and revokes a key', async () => {
      await goSignedIn('/keys');
      await page.getByRole('button', { name: 'Rotate deploy' }).click();
      await page.getByText(SECRET).waitFor();
      await page.getByRole('button', { name: 'Disable deploy' }).click();
      await page.getByRole('cell', { name: 'Disabled' }).waitFor();
      page.on('dialog', (dialog) => void dialog.accept());
      await page.getByRole('button', { name: 'Revoke deploy' }).click();
      await page.getByText('There is no key yet.').waitFor();
    });

    it('shows an invitation link to the owner', async () => {
      await goSignedIn('/users');
      await page.getByLabel('Name').fill('Bob');
      await page.getByLabel('E-mail').fill('bob@example.org');
      await page.getByRole('button', { name: 'Make an invitation link' }).click();
      await page.getByText(`${standIn.url}/portal/#/invitations/accept?account=acme&token=t0k3n`).waitFor();
    });

    it('shows a negative balance, the lock and the ledger', async () => {
      await goSignedIn('/balance');
      await page.getByText('-€12.34').first().waitFor();
      await page.getByText('The account is locked: overdraft.').waitFor();
      await page.getByRole('rowheader').first().waitFor();
    });

    it('asks for another plan', async () => {
      await goSignedIn('/plan');
      await page.getByLabel('Plan', { exact: true }).selectOption('large');
      await page.getByRole('button', { name: 'Ask for this plan' }).click();
      await page.getByText('Asked for large.').waitFor();
      const body = standIn.world.commands[0]?.body;
      deepEqual(body, { subscriptionId: 'main', plan: 'large', when: 'next-period' });
    });

    it('is read-only under a banner while commands are not taken', async () => {
      await goSignedIn('/keys');
      await page.getByRole('cell', { name: 'Works' }).waitFor();
      standIn.world.takesCommands = false;
      await page.getByRole('button', { name: 'Disable deploy' }).click();
      await page.getByText('Read-only: changes cannot be taken').waitFor();
      const button = page.getByRole('button', { name: 'Disable deploy' });
      equal(await button.getAttribute('aria-disabled'), 'true');
      await picture('read-only');
      await page.getByRole('link', { name: 'Balance' }).click();
      await page.getByText('-€12.34').first().waitFor();
      standIn.world.takesCommands = true;
      await page.getByRole('button', { name: 'Allow another try' }).click();
      await page.getByRole('link', { name: 'Keys' }).click();
      await button.click();
      await page.getByRole('cell', { name: 'Disabled' }).waitFor();
    });

    it('goes back to signing in when the session is over', async () => {
      await goSignedIn('/keys');
      standIn.world.isSignedIn = false;
      await page.getByRole('link', { name: 'Users' }).click();
      await heading('Sign in');
    });
  });

  for (const colorScheme of [undefined, 'dark'] as const) {
    for (const width of [1100, 360]) {
      it(`is accessible, ${colorScheme ?? 'light'}, ${width} pixels wide`, async () => {
        await page.context().close();
        await open({ width, ...(colorScheme ? { colorScheme } : {}) });
        await goSignedIn('/');
        for (const name of ['Consumption', 'Balance', 'Keys', 'Users', 'Invoices', 'Plan']) {
          await page.getByRole('link', { name, exact: true }).click();
          await heading(name);
          await page.waitForLoadState('networkidle');
          deepEqual(await faultsOf(page), [], name);
          deepEqual(await faintTexts(page), [], name);
          await picture(`${name.toLowerCase()}-${colorScheme ?? 'light'}-${width}`);
        }
      });
    }
  }

  it('is served with guards, and nothing beside its files', async () => {
    const at = (path: string) => fetch(`${standIn.url}${path}`);
    const answer = await at('/portal/keys');
    match(answer.headers.get('content-security-policy') ?? '', /default-src 'self'/);
    equal(answer.headers.get('x-content-type-options'), 'nosniff');
    equal(answer.headers.get('x-frame-options'), 'DENY');
    const script = /src="([^"]+)"/.exec(await answer.text())?.[1] ?? '';
    match((await at(script)).headers.get('cache-control') ?? '', /immutable/);
    equal((await at('/portal/assets/none.js')).status, 404);
    ok(!(await (await at('/portal/..%2f..%2fpackage.json')).text()).includes('"dependencies"'));
  });
});
