// The rate limit key of an IP address: IPv4 unchanged, IPv6 as its /64, which one household or machine has to itself.
import ipaddr from 'ipaddr.js';

/**
 * The key of the address that a request comes from: the one that a trusted proxy gives, with or without brackets and a
 * port (RFC 7239 section 6). If the proxy gives something else (`unknown`, `_hidden`), the proxy's own address is used,
 * so that its visitors share a limit with no other proxy's.
 * @param onUnreadable called if a proxy gave something that is no address
 */
export function addressKeyOf({ ip, socket }: ComesFrom, onUnreadable: () => void): string {
  const named = toKey(ip);
  if (named !== undefined) return named;
  if (ip !== undefined) onUnreadable();
  return toKey(socket.remoteAddress) ?? 'unknown';
}

/** The origin of a request: the request itself, or what was read of it before its client disconnected. */
export interface ComesFrom {
  readonly ip?: string | undefined;
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/** An IPv4 address written as IPv6 (RFC 4291 section 2.5.5.2) is the IPv4 address. */
function toKey(text: string | undefined): string | undefined {
  const plain = withoutPort(text ?? '');
  if (!ipaddr.isValid(plain)) return undefined;
  const address = ipaddr.process(plain);
  if (address.kind() === 'ipv4') return address.toString();
  return address.toByteArray().slice(0, 8).join('.');
}

/** `192.0.2.1:5001`, `[2001:db8::1]:5001` and `[2001:db8::1]`, each also in quotes. */
function withoutPort(text: string): string {
  const bare = text.replace(/^"([^"]{0,64})"$/, '$1');
  return /^\[([^\]]{1,64})\](?::\d{1,5})?$/.exec(bare)?.[1] ?? /^([\d.]{7,15}):\d{1,5}$/.exec(bare)?.[1] ?? bare;
}
