import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** Addresses that are of no use outside: those of proxies and nodes of our own network. */
const inside = new BlockList();
for (const [network, prefix] of [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  inside.addSubnet(network, prefix);
for (const [network, prefix] of [
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  inside.addSubnet(network, prefix, 'ipv6');

/**
 * The address from outside that a request came from: the connection's, or, where that is of our own network, what the
 * proxies there wrote into `x-forwarded-for`, from the last one on. What stands before an address from outside was
 * written by a stranger. Of IPv6 it is the network of 64 bits, of which one subscriber has all.
 *
 * @returns undefined when the request came from inside: behind one such address may be everybody.
 */
export const clientAddress = (
  connection: string | undefined,
  headers: IncomingHttpHeaders,
): string | undefined => {
  const forwarded = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
  const nearestFirst = [...forwarded, connection ?? ''].reverse().map((one) => plain(one.trim()));
  const outside = nearestFirst.find((one) => isIP(one) === 0 || !isInside(one));
  return outside === undefined || isIP(outside) === 0 ? undefined : networkOf(outside);
};

const isInside = (address: string): boolean => inside.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** An IPv4 address as an IPv6 socket writes it is that IPv4 address. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');

const networkOf = (address: string): string => {
  if (isIP(address) === 4) return address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const before = groups(head);
  const missing = tail === undefined ? 0 : 8 - before.length - groups(tail).length;
  const all = [...before, ...Array<string>(missing).fill('0'), ...groups(tail ?? '')];
  return `${all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::`;
};

const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
