import { equal } from 'node:assert/strict';
import { clientAddress } from './client-address.ts';

describe('the address of a client', () => {
  const cases: [what: string, connection: string | undefined, forwarded: string | undefined, is?: string][] =
    [
      ['is the connection’s', '203.0.113.7', undefined, '203.0.113.7'],
      ['is not what a stranger says', '203.0.113.7', '198.51.100.1', '203.0.113.7'],
      ['is what our proxy says', '10.1.2.3', '198.51.100.1', '198.51.100.1'],
      ['is the last one that a proxy adds', '10.1.2.3', '192.0.2.9, 198.51.100.1', '198.51.100.1'],
      ['is found through several proxies', '127.0.0.1', '192.0.2.9, 198.51.100.1, 10.9.9.9', '198.51.100.1'],
      ['is an IPv4 address on an IPv6 socket', '::ffff:203.0.113.7', undefined, '203.0.113.7'],
      ['is an inner one on an IPv6 socket', '::ffff:10.0.0.1', '203.0.113.7', '203.0.113.7'],
      ['is the network of an IPv6 address', '2001:db8:0:1:aaaa::1', undefined, '2001:db8:0:1::'],
      ['is that of a short IPv6 address', '2001:db8::1', undefined, '2001:db8:0:0::'],
      ['is that of one with leading zeros', '2001:0DB8:0000:0001::1', undefined, '2001:db8:0:1::'],
      ['is unknown from inside', '10.1.2.3', undefined],
      ['is unknown from inside, through a proxy', '::1', '192.168.0.5'],
      ['is unknown when the proxy writes none', '10.1.2.3', 'unknown'],
      ['is unknown without a connection', undefined, '203.0.113.7'],
    ];
  for (const [what, connection, forwarded, is] of cases) {
    it(what, () => equal(clientAddress(connection, { 'x-forwarded-for': forwarded }), is));
  }
});
