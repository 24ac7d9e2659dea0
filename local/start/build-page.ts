import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const BUILDER = new URL('../portal/build-portal.ts', import.meta.url);

/** Builds the customer's page where a context has one and its sources are newer; nothing is waited for otherwise. */
export const buildPage = async (): Promise<void> => {
  if (!existsSync(fileURLToPath(BUILDER))) return;
  const { buildPortal }: { buildPortal: () => Promise<unknown> } = await import(BUILDER.href);
  await buildPortal();
};
