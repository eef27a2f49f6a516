// Maps an error of undici or of a socket to one word. Does not decide what the word means.
import * as z from 'zod';
import type { OutageReason } from './refusal.ts';

const reasonOf: Readonly<Record<string, OutageReason>> = {
  ECONNREFUSED: 'refused-connection',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'reset',
  ETIMEDOUT: 'timeout',
  UND_ERR_ABORTED: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'too-large',
  UND_ERR_HEADERS_OVERFLOW: 'too-large',
  HPE_HEADER_OVERFLOW: 'too-large',
  ENOTFOUND: 'no-address',
  EAI_AGAIN: 'no-address',
};

/** Codes of Node and undici for a call with wrong arguments. */
const ourMistakes = new Set(['UND_ERR_INVALID_ARG', 'ERR_INVALID_ARG_TYPE', 'ERR_INVALID_ARG_VALUE']);

const errorSchema = z.looseObject({ name: z.string().catch(''), code: z.string().catch('') });

/** `undefined` for a programming error, which must not be reported as an outage. */
export function nameNetworkError(error: unknown): OutageReason | undefined {
  const { name, code } = errorSchema.safeParse(error).data ?? { name: '', code: '' };
  if (ourMistakes.has(code)) return undefined;
  const known = reasonOf[code];
  if (known !== undefined) return known;
  // undici's parser error often has no code.
  if (name === 'HTTPParserError') return 'not-http';
  return /CERT|TLS|SSL|SIGNATURE|EPROTO/.test(code) ? 'untrusted-certificate' : 'connection-failed';
}
