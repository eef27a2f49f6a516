// Client authentication at a token endpoint: RFC 6749 section 2.3.1. For Clever's, its list of tokens, and the staff's
// provider.

/**
 * The value of `Authorization`. Characters that form encoding leaves alone (letters, digits, `-._*`) stay unchanged.
 * oauth4webapi writes them as %2D and so on: a server that does not decode would then reject a correct secret, and
 * Clever does not document that theirs decodes.
 */
export function clientBasic(clientId: string, clientSecret: string): string {
  return `Basic ${Buffer.from(`${formEncode(clientId)}:${formEncode(clientSecret)}`).toString('base64')}`;
}

const formEncode = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);
