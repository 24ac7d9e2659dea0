import { type Browser, chromium, type Page } from 'playwright-core';
import { buildPortal } from '../../../../local/portal/build-portal.ts';
import { findChromium } from '../../../../local/servers/find-chromium.ts';
import type { Servers } from '../../../../local/servers/start-servers.ts';
import { ACME, PASSWORD } from '../../testing/people.ts';
import { openAcme, ownersLink } from './acme.ts';
import { type ServedSubscriptions, serveSubscriptions } from './serve-subscriptions.ts';

export type Looks = { readonly colorScheme?: 'dark'; readonly width?: number };

/** The portal of the real context in a real browser, with the account of Acme and Ada, its owner. */
export interface OpenPortal {
  readonly served: ServedSubscriptions;
  /** What the browser complained of: errors of scripts, and whatever the security policy refused. */
  readonly complaints: string[];
  /** A window of its own, without a session. */
  open(looks?: Looks): Promise<Page>;
  go(page: Page, path: string): Promise<void>;
  /** A window of its own where Ada, or whoever has this e-mail, has signed in. */
  openSignedIn(path: string, looks?: Looks & { email?: string }): Promise<Page>;
  /** Saves it under docs/portal or wherever PORTAL_SCREENSHOTS says; does nothing without. */
  picture(page: Page, name: string): Promise<void>;
  close(): Promise<void>;
}

export const OWNER = 'ada@example.com';

export const heading = (page: Page, name: string): Promise<void> =>
  page.getByRole('heading', { level: 1, name }).waitFor();

/** Of whoever signs in by hand. */
export const fillSignIn = async (page: Page, email: string, password = PASSWORD): Promise<void> => {
  await page.getByLabel('Account').fill(ACME);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
};

const newWindow = async (browser: Browser, looks: Looks, complaints: string[]): Promise<Page> => {
  const context = await browser.newContext({
    viewport: { width: looks.width ?? 1200, height: 860 },
    permissions: ['clipboard-read', 'clipboard-write'],
    ...(looks.colorScheme ? { colorScheme: looks.colorScheme } : {}),
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.on('console', (line) => {
    if (/Content Security Policy|Uncaught/.test(line.text())) complaints.push(line.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return page;
};

/** As Ada does by the link in her browser, which one spec shows. */
const chooseAdasPassword = async (served: ServedSubscriptions): Promise<void> => {
  const link = await ownersLink(served, OWNER, 'Ada Lovelace');
  const token = new URLSearchParams(link.split('?')[1]).get('token');
  const answer = await fetch(`${served.url}/v1/invitations/accept`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account: ACME, token, password: PASSWORD }),
  });
  if (!answer.ok) throw new Error(`the link is refused: ${await answer.text()}`);
};

export const openPortal = async (servers: Servers): Promise<OpenPortal> => {
  await buildPortal();
  const served = await serveSubscriptions(servers);
  await openAcme(served);
  await chooseAdasPassword(served);
  const browser = await chromium.launch(await findChromium(console.error));
  const complaints: string[] = [];
  const go: OpenPortal['go'] = async (page, path) => {
    await page.goto(`${served.url}/portal${path}`);
  };
  const open: OpenPortal['open'] = (looks = {}) => newWindow(browser, looks, complaints);
  return {
    served,
    complaints,
    go,
    open,
    openSignedIn: async (path, { email = OWNER, ...looks } = {}) => {
      const page = await open(looks);
      await page.request.post(`${served.url}/v1/sessions`, {
        data: { account: ACME, email, password: PASSWORD },
      });
      await go(page, path);
      await page.getByRole('navigation').waitFor();
      return page;
    },
    picture: async (page, name) => {
      const folder = process.env['PORTAL_SCREENSHOTS'];
      if (folder) await page.screenshot({ path: `${folder}/${name}.png` });
    },
    close: async () => {
      await browser.close();
      await served.stop();
    },
  };
};
