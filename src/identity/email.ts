// Addresses: reads one without changing a character, because the match is exact, and masks one for display.

export type EmailClaim =
  | { readonly kind: 'absent' }
  | { readonly kind: 'invalid' }
  | { readonly kind: 'plain'; readonly address: string };

const maxAddressLength = 254; // RFC 5321 section 4.5.3.1.3, less the angle brackets

// Cc: control characters; Zl, Zp: line and paragraph separators; Cs: lone surrogates, which are not characters.
const notText = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u;

// Characters that occur only in a list, a comment or a display name (RFC 5322): "a@x.org, b@x.org", "<a@x.org>".
const notAddress = /[,;:<>()[\]"\\]/u;

/**
 * Reads an `email` claim or roster cell as one plain address, unchanged. White space at either end is accepted: it
 * never matches, and the explainer reports it.
 */
export function readEmail(value: unknown): EmailClaim {
  if (value === undefined || value === null || value === '') return { kind: 'absent' };
  return isPlainAddress(value) ? { kind: 'plain', address: value } : { kind: 'invalid' };
}

/** Fast path for nearly all addresses. */
const ordinary = /^[\w.+'-]+@[\w.-]+$/;

function isPlainAddress(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > maxAddressLength) return false;
  if (ordinary.test(value)) return true;
  if (notText.test(value)) return false;
  const address = value.trim();
  if (notAddress.test(address) || /\s/u.test(address)) return false;
  const [local, domain, ...more] = address.split('@');
  return more.length === 0 && Boolean(local) && Boolean(domain);
}

const hidden = '•••';

/**
 * `maria@school.org` becomes `m•••@s•••.org`: enough to recognise it, too little to guess it. At most 25 characters;
 * does not reveal the length of the parts. Accepts any string: only letters and digits are passed on, so no
 * bidirectional marks, control characters or mark-up.
 */
export function maskEmail(address: string): string {
  const at = address.lastIndexOf('@');
  if (at < 0) return hidden;
  const domain = address.slice(at + 1);
  return `${firstSign(address.slice(0, at))}${hidden}@${firstSign(domain)}${hidden}${ending(domain)}`;
}

function firstSign(part: string): string {
  return /^[\p{L}\p{N}]/u.exec(part)?.[0] ?? '';
}

/** The last label, if the domain has another before it: a domain of one label would be shown whole. */
function ending(domain: string): string {
  return /[^.]\.([\p{L}\p{N}-]{2,12})$/u.exec(domain)?.[0].slice(1) ?? '';
}
