// Masks the visitor's own address for display: enough to recognise it, too little to read or guess it.

const hidden = '•••';

/**
 * `maria@school.org` becomes `m•••@s•••.org`. At most 25 characters; does not reveal the length of the parts. Accepts
 * any string: only letters and digits are passed on, so no bidirectional marks, control characters or mark-up.
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
