// How we show who we are at a token endpoint: RFC 6749 section 2.3.1. For Clever's, its list of tokens, and the staff's
// provider.

/**
 * The value of `Authorization`. Signs that a form leaves alone (letters, digits, `-._*`) stay as they are. oauth4webapi's
 * own writes them as %2D and so on: a server that does not decode what it reads would then refuse a right secret, and
 * Clever's pages do not say that theirs does.
 */
export function clientBasic(clientId: string, clientSecret: string): string {
  return `Basic ${Buffer.from(`${formEncode(clientId)}:${formEncode(clientSecret)}`).toString('base64')}`;
}

const formEncode = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);
