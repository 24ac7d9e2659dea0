import type { SampleAccount } from '../sample/account.ts';

export type ToCopy = { readonly says: string; readonly command: string };

const PRODUCT = '{"name":"Indigo teapot","price":{"amount":7200,"currency":"EUR"},"availableQuantity":40}';
const ORDER = '{"customer":"ada","lines":[{"itemId":"indigo-teapot","quantity":2}]}';
const ASKING = '-H "authorization: Bearer $KEY"';
const SENDING = `${ASKING} -H 'content-type: application/json'`;

/** What to copy: each works as it stands in bash or zsh, and in this order. */
export const commandsToCopy = ({ cloudUrl, key }: Pick<SampleAccount, 'cloudUrl' | 'key'>): ToCopy[] => {
  const api = `${cloudUrl}/api`;
  return [
    { says: 'the login key of the sample account', command: `KEY=${key}` },
    { says: 'see who you are', command: `curl -sS ${api}/whoami ${ASKING}; echo` },
    {
      says: 'put a product',
      command: `curl -sS -X PUT ${api}/catalog/v1/products/indigo-teapot ${SENDING} -d '${PRODUCT}'; echo`,
    },
    {
      says: 'place an order; ordering knows the product as an item',
      command: `ORDER=$(curl -sS ${api}/ordering/v1/orders ${SENDING} -d '${ORDER}' | sed -n 's/.*"orderId":"\\([^"]*\\)".*/\\1/p'); echo "order $ORDER"`,
    },
    {
      says: 'see its shipment, which shipping scheduled on hearing of the order',
      command: `until curl -sS "${api}/shipping/v1/shipments?order=\${ORDER:?place an order first}" ${ASKING} | grep shipmentId; do sleep 0.2; done`,
    },
    { says: 'see what all that has used', command: `curl -sS ${api}/usage ${ASKING}; echo` },
  ];
};
