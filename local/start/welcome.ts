import type { Endpoint } from '../landscape/landscape.ts';
import { FRONT_DOOR } from '../landscape/map-of.ts';
import type { SampleAccount } from '../sample/account.ts';
import { commandsToCopy } from './commands-to-copy.ts';

export type Welcome = {
  readonly endpoints: readonly Endpoint[];
  readonly mongodbUri: string;
  readonly redisUrl: string;
  readonly tenant: string;
  readonly logs: string;
  readonly products: number;
  readonly seconds: number;
  readonly account: SampleAccount;
};

const API_WIDTH = 'http://127.0.0.1:65535  http://127.0.0.1:65535/openapi.json'.length;

export const welcomeText = (welcome: Welcome): string => {
  const { mongodbUri, redisUrl, tenant, logs, products, seconds, account } = welcome;
  const toCopy = commandsToCopy(account).map(({ says, command }) => `# ${says}\n${command}\n`);
  return `
Ready in ${seconds.toFixed(1)} s; ${products} products are on sale for the tenant ${tenant}.

${endpointLines(welcome.endpoints).join('\n')}
  MongoDB   ${mongodbUri}
  Redis     ${redisUrl}
  logs      ${logs}/<name>.log
${portalText(account)}
Try these, one after the other:

${toCopy.join('\n')}
Then follow the order through all contexts:

npm run trace -- --local $ORDER

Ctrl-C stops everything.
`;
};

const endpointLines = (endpoints: readonly Endpoint[]): string[] => {
  const width = Math.max(9, ...endpoints.map(({ name }) => name.length));
  return endpoints.map(
    (one) => `  ${one.name.padEnd(width)} ${apiOf(one).padEnd(API_WIDTH)}  admin ${one.adminUrl}`,
  );
};

const apiOf = ({ name, url }: Endpoint): string => {
  if (name.startsWith('relay')) return 'no API';
  // The API of the front door is that of all contexts.
  return name === FRONT_DOOR ? `${url}/api/<context>/…` : `${url}  ${url}/openapi.json`;
};

const portalText = ({ portalUrl, account, email, password }: SampleAccount): string => `
The customer's page, with users and keys, balance, usage and invoices:

  ${portalUrl}
  account   ${account}
  e-mail    ${email}
  password  ${password}
`;
