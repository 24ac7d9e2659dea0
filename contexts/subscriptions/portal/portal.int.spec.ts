import { deepEqual, equal, match, notEqual } from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { testServers } from '../../../local/servers/for-tests.ts';
import { ACME, PASSWORD } from '../testing/people.ts';
import { LAST_MONTH, ownersLink, TODAY, topUp, untilInvoiced } from './testing/acme.ts';
import { usageFact } from './testing/courier.ts';
import { fillSignIn, heading, type OpenPortal, OWNER, openPortal } from './testing/open-portal.ts';

describe('the portal', function () {
  this.timeout(180_000);
  let portal: OpenPortal;
  let page: Page;

  before(async function () {
    this.timeout(300_000);
    portal = await openPortal(await testServers());
  });
  after(() => portal?.close());
  afterEach(async () => {
    await page.context().close();
    deepEqual(portal.complaints, []);
  });

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const rowOf = (name: string) => page.getByRole('row').filter({ hasText: name });
  const menu = () => page.getByRole('navigation').getByRole('link').allTextContents();
  const focused = () => page.locator(':focus').textContent();
  const dialog = (name: string) => page.getByRole('dialog', { name });
  const secretShown = async () => (await page.getByRole('dialog').locator('code').textContent()) ?? '';

  const invite = async (name: string, role: string): Promise<string> => {
    await button('Invite').click();
    await page.getByLabel('Name').fill(name);
    await page.getByLabel('E-mail').fill(`${name.toLowerCase()}@example.com`);
    await page.getByLabel('Role', { exact: true }).selectOption(role);
    await button('Make an invitation link').click();
    await dialog(`The link for ${name}`).waitFor();
    const link = await secretShown();
    await button('I have kept it').click();
    return link;
  };
  /** In a window of its own, as another person. */
  const join = async (link: string): Promise<void> => {
    page = await portal.open();
    await page.goto(link);
    await page.getByLabel('New password').fill(PASSWORD);
    await button('Save password').click();
    await page.getByText('Your password is saved.').waitFor();
  };

  describe('the way in', () => {
    it('leads by an invitation link and a password of one’s own', async () => {
      page = await portal.open();
      await portal.go(
        page,
        (await ownersLink(portal.served, 'grace@example.com', 'Grace')).slice('/portal'.length),
      );
      await page.getByLabel('New password').fill(PASSWORD);
      equal(new URL(page.url()).hash, '');
      await button('Save password').click();
      await heading(page, 'Sign in');
      equal(await page.getByLabel('Account').inputValue(), ACME);
      await fillSignIn(page, 'grace@example.com');
      await heading(page, 'Consumption');
      await button('Sign out').click();
      await heading(page, 'Sign in');
      equal((await page.request.get(`${portal.served.url}/v1/me`)).status(), 401);
    });

    it('can be gone by the keyboard alone', async () => {
      page = await portal.open();
      await portal.go(page, '/');
      await heading(page, 'Sign in');
      await page.keyboard.press('Tab');
      equal(await focused(), 'Skip to content');
      for (const value of [ACME, OWNER, PASSWORD]) {
        await page.keyboard.press('Tab');
        await page.keyboard.type(value);
      }
      await page.keyboard.press('Enter');
      await heading(page, 'Consumption');
      equal(await focused(), 'Consumption');
    });

    it('says in an alert what was wrong', async () => {
      page = await portal.open();
      await portal.go(page, '/');
      await fillSignIn(page, OWNER, 'wrong');
      await page.getByRole('alert').getByText('Account, e-mail or password is wrong').waitFor();
    });

    it('is needed again when the session is over', async () => {
      page = await portal.openSignedIn('/keys');
      await page.context().clearCookies();
      await page.getByRole('link', { name: 'Users' }).click();
      await heading(page, 'Sign in');
    });
  });

  describe('consumption', () => {
    it('moves as a window arrives', async () => {
      page = await portal.openSignedIn('/');
      await page.getByText('requests as a table').click();
      const units = async () =>
        Number((await rowOf(TODAY).getByRole('cell').textContent())?.replace(',', ''));
      await rowOf(TODAY).first().waitFor();
      const before = await units();
      const window = { from: `${TODAY}T00:00:20.000Z`, meter: 'requests', units: 77 };
      await portal.served.tell([usageFact(ACME, window)]);
      const after = new Intl.NumberFormat('en-GB').format(before + 77);
      await rowOf(TODAY).getByText(after, { exact: true }).waitFor();
    });

    it('is charged, and shown in the ledger as one line of a day', async () => {
      page = await portal.openSignedIn('/balance');
      const line = rowOf('Use of requests').first();
      match((await line.textContent()) ?? '', /1,\d{3} × €0\.01/);
    });
  });

  describe('balance', () => {
    it('moves with a payment', async () => {
      page = await portal.openSignedIn('/balance');
      await rowOf('Use of requests').first().waitFor();
      await topUp(portal.served, 12_345, 'spec-1');
      await rowOf('Bank transfer, spec-1').getByText('+€123.45').waitFor();
    });

    it('says on every page that the account is locked, until it is not', async () => {
      page = await portal.openSignedIn('/keys');
      const path = `/v1/accounts/${ACME}`;
      await portal.served.staff(`${path}/lock`, { reason: 'spec' });
      await page.getByRole('alert').getByText('The account is locked.').waitFor();
      await portal.served.staff(`${path}/unlock`, { reason: 'spec' });
      await page.getByText('The account is locked.').waitFor({ state: 'detached' });
    });
  });

  describe('keys', () => {
    const create = async (name: string, expires = ''): Promise<string> => {
      await button('New key').click();
      await page.getByLabel('Name').fill(name);
      if (expires) await page.getByLabel('Expires').fill(expires);
      await button('Create key').click();
      await dialog(`The key ${name}`).waitFor();
      return secretShown();
    };

    it('shows a secret once and copies it', async () => {
      page = await portal.openSignedIn('/keys');
      const secret = await create('till', '2099-12-31');
      match(secret, /^cad_[0-9A-Za-z]{36}$/);
      await portal.picture(page, 'key-shown-once');
      await page.keyboard.press('Escape');
      await button('Copy').click();
      await page.getByText('Copied.').waitFor();
      equal(await page.evaluate('navigator.clipboard.readText()'), secret);
      await button('I have kept it').click();
      equal(await page.getByText(secret).count(), 0);
      equal(await focused(), 'New key');
      await rowOf('till').getByText('31 Dec 2099').waitFor();
    });

    it('rotates, disables and revokes', async () => {
      page = await portal.openSignedIn('/keys');
      const first = await create('deploy');
      await button('I have kept it').click();
      await button('Rotate deploy').click();
      await button('Rotate').click();
      await dialog('The key deploy').waitFor();
      notEqual(await secretShown(), first);
      await button('I have kept it').click();
      await rowOf('deploy').getByText('the secret before until').waitFor();
      await button('Disable deploy').click();
      await rowOf('deploy').getByText('Disabled').waitFor();
      await button('Revoke deploy').click();
      await button('Cancel').click();
      await button('Revoke deploy').click();
      await button('Revoke for good').click();
      await rowOf('deploy').waitFor({ state: 'detached' });
    });

    it('works by the keyboard alone', async () => {
      page = await portal.openSignedIn('/keys');
      await button('New key').focus();
      await page.keyboard.press('Enter');
      await dialog('New key').waitFor();
      await page.keyboard.type('typed');
      await page.keyboard.press('Enter');
      await dialog('The key typed').waitFor();
      equal(await focused(), 'Copy');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await rowOf('typed').waitFor();
      await button('Revoke typed').focus();
      await page.keyboard.press('Enter');
      await dialog('Revoke key').waitFor();
      await page.keyboard.press('Escape');
      await dialog('Revoke key').waitFor({ state: 'detached' });
      equal(await page.locator(':focus').getAttribute('aria-label'), 'Revoke typed');
    });

    it('makes one key of a wish that is sent again', async () => {
      page = await portal.openSignedIn('/keys');
      let isLost = true;
      await page.route('**/v1/keys', async (route) => {
        const isCreation = route.request().method() === 'POST';
        const answer = await route.fetch();
        if (isCreation && isLost) await route.abort('connectionreset');
        else await route.fulfill({ response: answer });
        if (isCreation) isLost = false;
      });
      await button('New key').click();
      await page.getByLabel('Name').fill('lossy');
      await button('Create key').click();
      await page.getByText('Send it again: it makes one key.').waitFor();
      await page.getByText('Read-only.').waitFor({ state: 'detached' });
      await button('Create key').click();
      await dialog('The key lossy').waitFor();
      await button('I have kept it').click();
      equal(await rowOf('lossy').count(), 1);
    });

    it('says why a wish is refused', async () => {
      page = await portal.openSignedIn('/keys');
      await button('New key').click();
      await page.getByLabel('Name').fill('odd');
      await page.getByLabel('Scopes').fill('everything');
      await button('Create key').click();
      await page.getByRole('dialog').getByRole('alert').getByText('<context>:read').waitFor();
    });
  });

  describe('users', () => {
    it('see what their role may see, and come and go', async () => {
      page = await portal.openSignedIn('/users');
      const owner = page;
      const link = await invite('Bob', 'billing');
      await rowOf('Bob').getByText('invited').waitFor();
      await join(link);
      await fillSignIn(page, 'bob@example.com');
      await heading(page, 'Consumption');
      deepEqual(await menu(), ['Consumption', 'Balance', 'Invoices', 'Plan']);

      const bob = page;
      page = owner;
      await button('Change role of Bob').click();
      await page.getByLabel('Role', { exact: true }).selectOption('developer');
      await button('Save role').click();
      await rowOf('Bob').getByRole('cell', { name: 'developer' }).waitFor();
      await bob.reload();
      page = bob;
      await heading(page, 'Consumption');
      deepEqual(await menu(), ['Consumption', 'Keys', 'Plan']);
      await portal.go(page, '/users');
      await heading(page, 'Consumption');

      page = owner;
      await button('Disable Bob').click();
      await rowOf('Bob').getByText('disabled').waitFor();
      await heading(bob, 'Sign in');
      await bob.context().close();
    });
  });

  describe('invoices', () => {
    it('are listed, with a page to print', async () => {
      await portal.served.staff('/v1/invoice-runs', { period: LAST_MONTH });
      page = await portal.openSignedIn('/invoices');
      await untilInvoiced(page);
      const opened = page.context().waitForEvent('page');
      await page.getByRole('link', { name: 'Print the invoice of' }).click();
      const printed = await opened;
      await printed.getByRole('heading', { name: 'Invoice CAD-00000001' }).waitFor();
      await printed.getByText('base fee').waitFor();
      await portal.picture(printed, 'invoice');
    });
  });

  describe('the plan', () => {
    it('can be changed, once however often it is sent', async () => {
      page = await portal.openSignedIn('/plan');
      const keys: (string | undefined)[] = [];
      let isLost = true;
      // The first answer is lost on its way: the context has taken the command.
      await page.route('**/v1/account/plan-change', async (route) => {
        keys.push(route.request().headers()['idempotency-key']);
        const answer = await route.fetch();
        if (isLost) await route.abort('connectionreset');
        else await route.fulfill({ response: answer });
        isLost = false;
      });
      await button('Choose Team').click();
      await button('Ask for this plan').click();
      await page.getByText('Send it again: it counts once.').waitFor();
      await page.getByText('Read-only.').waitFor({ state: 'detached' });
      const again = page.waitForResponse('**/v1/account/plan-change');
      await button('Ask for this plan').click();
      await page.getByText('Asked for team').waitFor();
      equal((await again).headers()['idempotency-replayed'], 'true');
      deepEqual([keys.length, keys[0]], [2, keys[1]]);
    });
  });
});
