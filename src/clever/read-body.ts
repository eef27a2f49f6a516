// The text of a response of Clever, unpacked if a server or proxy compressed it although `identity` was requested (RFC
// 9110 section 8.4). Limited before and after unpacking: a kilobyte can unpack to a gigabyte.

import type { IncomingHttpHeaders } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';
import * as z from 'zod';
import { CleverFailure } from './refusal.ts';

/** Asks servers not to compress. */
export const unpacked = { 'accept-encoding': 'identity' } as const;

type Unpack = (packed: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer>;

const unpackGzip: Unpack = promisify(gunzip);
const unpackBrotli: Unpack = promisify(brotliDecompress);
const unpackZlib: Unpack = promisify(inflate);
const unpackRaw: Unpack = promisify(inflateRaw);

/**
 * RFC 9110 section 8.4.1.2 defines `deflate` in the zlib format; some servers send it without. RFC 1950: the low half
 * of the first byte is 8.
 */
const unpackDeflate: Unpack = (packed, options) =>
  ((packed[0] ?? 0) & 0x0f) === 8 && packed.length > 1 && packed.readUInt16BE(0) % 31 === 0
    ? unpackZlib(packed, options)
    : unpackRaw(packed, options);

const unpackers: ReadonlyMap<string, Unpack> = new Map([
  ['gzip', unpackGzip],
  ['x-gzip', unpackGzip],
  ['br', unpackBrotli],
  ['deflate', unpackDeflate],
]);

/** Two proxies may each compress; more layers would only cost work. */
const maxLayers = 3;

/** @throws CleverFailure `too-large`, and `not-json` if it cannot be unpacked */
export async function readBody(
  { headers, body }: { readonly headers: IncomingHttpHeaders; readonly body: Buffer },
  maxBytes: number,
): Promise<string> {
  const layers = String(headers['content-encoding'] ?? '')
    .toLowerCase()
    .split(',')
    .map((layer) => layer.trim())
    .filter((layer) => layer !== '' && layer !== 'identity');
  let bytes = body;
  if (layers.length > maxLayers) throw new CleverFailure('not-json');
  // The last encoding in the list was applied last.
  for (const layer of layers.reverse()) bytes = await unpackLayer(layer, bytes, maxBytes);
  const text = bytes.toString('utf8');
  // RFC 8259 section 8.1: a byte order mark may be ignored.
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

async function unpackLayer(layer: string, packed: Buffer, maxBytes: number): Promise<Buffer> {
  const unpack = unpackers.get(layer);
  if (unpack === undefined) throw new CleverFailure('not-json');
  // Servers send an empty body uncompressed, whatever its header says.
  if (packed.length === 0) return packed;
  try {
    return await unpack(packed, { maxOutputLength: maxBytes });
  } catch (error) {
    throw new CleverFailure(
      codeSchema.safeParse(error).data?.code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : 'not-json',
    );
  }
}

const codeSchema = z.looseObject({ code: z.string() });
