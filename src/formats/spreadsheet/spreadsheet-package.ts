// A workbook file as a set of XML parts, read as streams of limited size. Callers interpret the parts.
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type Entry, fromBufferPromise, fromFdPromise, type ZipFile } from 'yauzl';
import { UnreadableText } from '../csv/valid-text.ts';
import type { ErrorCode } from '../feed.ts';
import { isUnreadablePath, type SpreadsheetSource } from '../roster-files.ts';

/** A file that is no readable workbook. The message contains nothing of the file. */
export class UnreadableWorkbook extends Error {
  readonly code: Extract<ErrorCode, 'file_unreadable' | 'file_encrypted' | 'file_not_xlsx' | 'file_too_large'>;

  constructor(code: UnreadableWorkbook['code'], cause?: unknown) {
    super(code, { cause });
    this.name = 'UnreadableWorkbook';
    this.code = code;
  }
}

export interface Package {
  /** Unpacked size of a part in bytes; `undefined` if there is no such part. */
  readonly sizeOf: (part: string) => number | undefined;
  /** The text of a part. */
  readonly read: (part: string) => AsyncGenerator<string>;
  readonly close: () => Promise<void>;
}

// A roster of a million rows is smaller; a file that unpacks to more is an attack.
const maxBytes = 64 * 2 ** 20;
const maxUnpackedBytes = 512 * 2 ** 20;
const maxParts = 5_000;

/** @throws {UnreadableWorkbook} for errors of the file; an error of this machine is rethrown. */
export async function openPackage(source: SpreadsheetSource): Promise<Package> {
  if (source.path === undefined) return packageOf(await openBytes(await readBytes(source)), async () => undefined);
  const handle = await openFile(source.path);
  try {
    return await packageOf(await openZip(handle), () => handle.close());
  } catch (failure) {
    await handle.close();
    throw failure;
  }
}

async function packageOf(zip: ZipFile, close: Package['close']): Promise<Package> {
  const entries = await listEntries(zip);
  return {
    sizeOf: (part) => entries.get(part)?.uncompressedSize,
    read: (part) => readPart(zip, entries.get(part)),
    close,
  };
}

async function openFile(path: string): Promise<FileHandle> {
  // Opening a pipe would block forever.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((failure: unknown) => {
    if (isUnreadablePath(failure)) throw new UnreadableWorkbook('file_unreadable', failure);
    throw failure;
  });
  const stat = await handle.stat();
  if (stat.isFile() && stat.size <= maxBytes) return handle;
  await handle.close();
  throw new UnreadableWorkbook(stat.isFile() ? 'file_too_large' : 'file_unreadable');
}

/** An archive entry has no random access, which a workbook needs. */
async function readBytes(source: SpreadsheetSource): Promise<Buffer> {
  const file = await source.open();
  if (file === undefined) throw new UnreadableWorkbook('file_unreadable');
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of file.chunks()) {
      size += chunk.length;
      if (size > maxBytes) throw new UnreadableWorkbook('file_too_large');
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (failure) {
    throw failure instanceof UnreadableText ? new UnreadableWorkbook('file_unreadable', failure) : failure;
  } finally {
    await file.close();
  }
}

function openBytes(bytes: Buffer): Promise<ZipFile> {
  if (isCompoundFile(bytes)) throw new UnreadableWorkbook(nameCompoundFile(bytes));
  if (!isZip(bytes)) throw new UnreadableWorkbook('file_not_xlsx');
  return fromBufferPromise(bytes, { lazyEntries: true }).catch(refuse);
}

async function openZip(handle: FileHandle): Promise<ZipFile> {
  const start = Buffer.alloc(8);
  await handle.read(start, 0, start.length, 0);
  if (isCompoundFile(start)) throw new UnreadableWorkbook(nameCompoundFile(await readWhole(handle)));
  if (!isZip(start)) throw new UnreadableWorkbook('file_not_xlsx');
  return fromFdPromise(handle.fd, { autoClose: false, lazyEntries: true }).catch(refuse);
}

async function readWhole(handle: FileHandle): Promise<Buffer> {
  const { size } = await handle.stat();
  const bytes = Buffer.alloc(size);
  await handle.read(bytes, 0, size, 0);
  return bytes;
}

const isZip = (start: Buffer): boolean => start.toString('latin1', 0, 4) === 'PK\x03\x04';
const isCompoundFile = (start: Buffer): boolean => start.toString('hex', 0, 8) === 'd0cf11e0a1b11ae1';

/**
 * [MS-CFB] is the container of Excel's old format and, under this stream name ([MS-OFFCRYPTO] 2.3.4.4), of a workbook
 * with a password.
 */
const nameCompoundFile = (bytes: Buffer): 'file_encrypted' | 'file_not_xlsx' =>
  bytes.includes(Buffer.from('EncryptedPackage', 'utf16le')) ? 'file_encrypted' : 'file_not_xlsx';

async function listEntries(zip: ZipFile): Promise<ReadonlyMap<string, Entry>> {
  if (zip.entryCount > maxParts) throw new UnreadableWorkbook('file_too_large');
  const entries = new Map<string, Entry>();
  let unpacked = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      unpacked += entry.uncompressedSize;
      entries.set(entry.fileName, entry);
    }
  } catch (failure) {
    refuse(failure);
  }
  if (unpacked > maxUnpackedBytes) throw new UnreadableWorkbook('file_too_large');
  return entries;
}

async function* readPart(zip: ZipFile, entry: Entry | undefined): AsyncGenerator<string> {
  if (entry === undefined) throw new UnreadableWorkbook('file_unreadable');
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const bytes of await zip.openReadStreamPromise(entry)) yield decoder.decode(bytes, { stream: true });
    yield decoder.decode();
  } catch (failure) {
    refuse(failure);
  }
}

/** A failed system call is an error of this machine; all else is a finding about the file. */
function refuse(failure: unknown): never {
  const isOfMachine = typeof failure === 'object' && failure !== null && 'syscall' in failure;
  if (failure instanceof UnreadableWorkbook || isOfMachine) throw failure;
  throw new UnreadableWorkbook('file_unreadable', failure);
}
