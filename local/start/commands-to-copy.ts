import type { Endpoint } from '../landscape/landscape.ts';
import type { SampleAccount } from '../sample/account.ts';

export type Place = {
  readonly endpoints: readonly Pick<Endpoint, 'name' | 'url'>[];
  readonly tenant: string;
  /** Who orders through the front door; absent where there is none. */
  readonly account?: SampleAccount;
};

export type ToCopy = { readonly says: string; readonly command: string };

/** What to copy: each works as it stands in bash or zsh, and in this order. */
export const commandsToCopy = (place: Place): ToCopy[] => {
  const { account } = place;
  if (account === undefined) return order(place);
  const { cloudUrl, key } = account;
  const asking = headersOf(place);
  return [
    { says: 'the login key of the sample account', command: `KEY=${key}` },
    { says: 'see who you are', command: `curl -sS ${cloudUrl}/api/whoami ${asking}; echo` },
    ...order(place),
    { says: 'see what all that has used', command: `curl -sS ${cloudUrl}/api/usage ${asking}; echo` },
  ];
};

const PRODUCT = '{"name":"Indigo teapot","price":{"amount":7200,"currency":"EUR"},"availableQuantity":40}';
const ORDER = '{"customer":"ada","lines":[{"itemId":"indigo-teapot","quantity":2}]}';

const order = (place: Place): ToCopy[] => {
  const asking = headersOf(place);
  const send = `${asking} -H 'content-type: application/json'`;
  const api = (context: string) => apiOf(place, context);
  return [
    {
      says: 'put a product',
      command: `curl -sS -X PUT ${api('catalog')}/v1/products/indigo-teapot ${send} -d '${PRODUCT}'; echo`,
    },
    {
      says: 'place an order; ordering knows the product as an item',
      command: `ORDER=$(curl -sS ${api('ordering')}/v1/orders ${send} -d '${ORDER}' | sed -n 's/.*"orderId":"\\([^"]*\\)".*/\\1/p'); echo "order $ORDER"`,
    },
    {
      says: 'see its shipment, which shipping scheduled on hearing of the order',
      command: `until curl -sS "${api('shipping')}/v1/shipments?order=\${ORDER:?place an order first}" ${asking} | grep shipmentId; do sleep 0.2; done`,
    },
  ];
};

/** The front door takes the tenant from the key. */
const headersOf = ({ tenant, account }: Place): string =>
  account === undefined ? `-H 'x-tenant: ${tenant}'` : '-H "authorization: Bearer $KEY"';

const apiOf = ({ endpoints, account }: Place, context: string): string =>
  account === undefined
    ? (endpoints.find(({ name }) => name === context)?.url ?? '')
    : `${account.cloudUrl}/api/${context}`;
