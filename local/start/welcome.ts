import type { Endpoint } from '../landscape/landscape.ts';

export type Welcome = {
  readonly endpoints: readonly Endpoint[];
  readonly mongodbUri: string;
  readonly redisUrl: string;
  readonly tenant: string;
  readonly logs: string;
  readonly products: number;
  readonly seconds: number;
};

/** What to copy: each works as it stands in bash or zsh, and in this order. */
export const commandsToCopy = ({ endpoints, tenant }: Pick<Welcome, 'endpoints' | 'tenant'>): string[] => {
  const url = (name: string) => endpoints.find((one) => one.name === name)?.url ?? '';
  const send = `-H 'x-tenant: ${tenant}' -H 'content-type: application/json'`;
  const product = '{"name":"Indigo teapot","price":{"amount":7200,"currency":"EUR"},"availableQuantity":40}';
  const order = '{"customer":"ada","lines":[{"itemId":"indigo-teapot","quantity":2}]}';
  return [
    `curl -sS -X PUT ${url('catalog')}/v1/products/indigo-teapot ${send} -d '${product}'; echo`,
    `ORDER=$(curl -sS ${url('ordering')}/v1/orders ${send} -d '${order}' | sed -n 's/.*"orderId":"\\([^"]*\\)".*/\\1/p'); echo "order $ORDER"`,
    `until curl -sS "${url('shipping')}/v1/shipments?order=\${ORDER:?place an order first}" -H 'x-tenant: ${tenant}' | grep shipmentId; do sleep 0.2; done`,
  ];
};

const API_WIDTH = 'http://127.0.0.1:65535  http://127.0.0.1:65535/openapi.json'.length;

export const welcomeText = (welcome: Welcome): string => {
  const { endpoints, mongodbUri, redisUrl, tenant, logs, products, seconds } = welcome;
  const [put = '', place = '', see = ''] = commandsToCopy(welcome);
  const lines = endpoints.map(({ name, url, adminUrl }) => {
    const api = name.startsWith('relay') ? 'no API' : `${url}  ${url}/openapi.json`;
    return `  ${name.padEnd(9)} ${api.padEnd(API_WIDTH)}  admin ${adminUrl}`;
  });
  return `
Ready in ${seconds.toFixed(1)} s; ${products} products are on sale for the tenant ${tenant}.

${lines.join('\n')}
  MongoDB   ${mongodbUri}
  Redis     ${redisUrl}
  logs      ${logs}/<name>.log

Try these, one after the other:

# put a product
${put}

# place an order; ordering knows the product as an item
${place}

# see its shipment, which shipping scheduled on hearing of the order
${see}

Then follow the order through all contexts:

npm run trace -- --local $ORDER

Ctrl-C stops everything.
`;
};
