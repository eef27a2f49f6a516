// What a stolen copy of the store would show: its whole dump, and a search for a text in any common encoding.
import type { Store } from '../../src/store/store.ts';

export async function dump(store: Store): Promise<[key: Buffer, value: Buffer][]> {
  const found: [Buffer, Buffer][] = [];
  for await (const [key, value] of store.dump()) found.push([Buffer.from(key), Buffer.from(value)]);
  return found;
}

/** The dump as text that can be compared, whatever the order of the engine. */
export async function snapshot(store: Store): Promise<string[]> {
  return (await dump(store)).map(([key, value]) => `${key.toString('latin1')} ${value.toString('hex')}`).sort();
}

export async function keysOf(store: Store): Promise<string[]> {
  return (await dump(store)).map(([key]) => key.toString('latin1'));
}

/** Every way in which a text is commonly written, as bytes to look for. */
export function encodings(text: string): Map<string, Buffer> {
  const utf8 = Buffer.from(text, 'utf8');
  const little = Buffer.from(text, 'utf16le');
  const big = Buffer.from(little).swap16();
  const hex = utf8.toString('hex');
  const latin = (ascii: string) => Buffer.from(ascii, 'latin1');
  return new Map([
    ['utf8', utf8],
    ['reversed', Buffer.from([...text].reverse().join(''))],
    ['latin1', latin(text)],
    ['upper case', Buffer.from(text.toUpperCase())],
    ['lower case', Buffer.from(text.toLowerCase())],
    ['utf16le', little],
    ['utf16be', big],
    ['hex', latin(hex)],
    ['HEX', latin(hex.toUpperCase())],
    ['base64', latin(aligned(utf8, 0))],
    ['base64, one byte on', latin(aligned(utf8, 1))],
    ['base64, two bytes on', latin(aligned(utf8, 2))],
    ['base64url', latin(toUrl(aligned(utf8, 0)))],
    ['base64url, one byte on', latin(toUrl(aligned(utf8, 1)))],
    ['base64url, two bytes on', latin(toUrl(aligned(utf8, 2)))],
    ['percent-encoded', latin(encodeURIComponent(text))],
    ['percent-encoded whole', latin(hex.replace(/../g, '%$&'))],
    ['JSON-escaped', latin(JSON.stringify(text).slice(1, -1))],
    [
      'JSON-escaped whole',
      latin([...text].map((sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')),
    ],
  ]);
}

/** Base64 as it looks where the text begins `shift` bytes into a group of three; only characters that depend on it alone. */
function aligned(bytes: Buffer, shift: number): string {
  const text = Buffer.concat([Buffer.alloc(shift), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const first = shift === 0 ? 0 : shift + 1;
  const last = (shift + bytes.length) % 3 === 0 ? text.length : text.length - 1;
  return text.slice(first, last);
}

const toUrl = (base64: string): string => base64.replaceAll('+', '-').replaceAll('/', '_');

/** Which of the texts are in the bytes, and in which encoding. */
export function findTexts(bytes: Buffer, texts: readonly string[]): string[] {
  return texts.flatMap((text) =>
    [...encodings(text)]
      .filter(([, encoded]) => encoded.length >= 4 && bytes.includes(encoded))
      .map(([encoding]) => `${text} (${encoding})`),
  );
}
