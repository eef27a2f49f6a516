// What an address counts as: one of IPv4 as itself, one of IPv6 as its /64, which one house or machine has to itself.
import ipaddr from 'ipaddr.js';

/** An IPv4 address that is written as IPv6 (RFC 4291 section 2.5.5.2) is the IPv4 address. */
export function addressKey(ip: string | undefined): string {
  if (ip === undefined || !ipaddr.isValid(ip)) return 'unknown';
  const address = ipaddr.process(ip);
  if (address.kind() === 'ipv4') return address.toString();
  return address.toByteArray().slice(0, 8).join('.');
}
