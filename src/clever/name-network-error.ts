// Turns an error of undici or of a socket into one word. Owns no decision about what the word means.
import type { OutageReason } from './refusal.ts';

const REASON_OF: Readonly<Record<string, OutageReason>> = {
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

/** `undefined` for what is no error of the network: a mistake of ours, which must not pass for an outage. */
export function nameNetworkError(error: unknown): OutageReason | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof code !== 'string' || code === 'UND_ERR_INVALID_ARG' || code === 'ERR_INVALID_ARG_TYPE') return undefined;
  if (code.startsWith('HPE_')) return REASON_OF[code] ?? 'not-http';
  if (/CERT|TLS|SSL|SIGNATURE|EPROTO/.test(code)) return 'untrusted-certificate';
  return REASON_OF[code] ?? 'connection-failed';
}
