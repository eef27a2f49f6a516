// How a visitor's own address is shown back: enough to recognise, too little to be read or guessed.

const hidden = '•••';

/**
 * `maria@school.org` becomes `m•••@s•••.org`. At most 25 signs; says nothing about how long the parts are.
 * Any string is fine: what is neither a letter nor a digit (bidirectional marks, control characters, mark-up) is
 * never passed on.
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

/** The last label, where the domain has another before it: a domain of one label would be shown whole. */
function ending(domain: string): string {
  return /[^.]\.([\p{L}\p{N}-]{2,12})$/u.exec(domain)?.[0].slice(1) ?? '';
}
