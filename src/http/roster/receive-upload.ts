// Receives the body of an upload into a temporary folder, and removes the folder. Owns limits, names, and how many
// uploads of a district are received at a time; formats read the content.
import { createWriteStream } from 'node:fs';
import { lstat, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Busboy, type BusboyFileStream } from '@fastify/busboy';
import type { Request } from 'express';
import type { SentBy } from '../../formats/format.ts';
import { isNoLitter } from '../../formats/roster-files.ts';

export interface Upload {
  readonly kind: 'received';
  readonly folder: string;
  /** Names of the files in the folder, without duplicates. */
  readonly files: readonly string[];
  /** Other fields of the form; the last one of a repeated name. */
  readonly fields: ReadonlyMap<string, string>;
}

interface UploadRefused {
  readonly kind: 'refused';
  readonly code: 'body_too_large' | 'media_type_unsupported' | 'malformed_request';
  readonly detail: string;
}

/** The client disconnected during the upload: no response is possible. */
interface UploadAborted {
  readonly kind: 'aborted';
}

export interface UploadPlace {
  /** The parent of the temporary folders. */
  readonly parent: string;
  /** Maximum size of one body. */
  readonly bytes: number;
}

export const uploadPlace: UploadPlace = { parent: tmpdir(), bytes: 1024 ** 3 };

const uploadFolderPrefix = 'sso-bridge-upload-';
/** No upload takes so long. Milliseconds. */
const abandonedMs = 86_400_000;
const maxFiles = 32;
const drainMs = 5_000;
const cutOffMs = 2_000;
const brokenForm = 'The form is broken or ends too early.';

/** File names for a body that is not a form. */
const single: ReadonlyMap<string, string> = new Map([
  ['text/csv', 'upload.csv'],
  ['application/zip', 'upload.zip'],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'upload.xlsx'],
]);

/**
 * Streams a multipart/form-data body, or one CSV or xlsx file, to a folder that only this process may read, passes it
 * to `use`, and always removes it. After a refusal the rest of the body is discarded for a while, so that the client
 * reads the response.
 */
export async function withUpload<Result>(
  request: Request,
  { parent, bytes }: UploadPlace,
  use: (upload: Upload) => Promise<Result>,
  { mayBeWithoutFile = false }: { readonly mayBeWithoutFile?: boolean } = {},
): Promise<Result | UploadRefused | UploadAborted> {
  await removeAbandoned(parent);
  return withUploadFolder(parent, async (folder) => {
    const received = await receive(request, folder, bytes);
    if (received.kind === 'received' && received.files.length === 0 && !mayBeWithoutFile) {
      return refused('malformed_request', 'The form has no file.');
    }
    if (received.kind === 'received') return use(received);
    if (received.kind === 'refused') drain(request);
    return received;
  });
}

/** Called `upload`, so that a finding about all files together does not name the temporary folder. */
export async function withUploadFolder<Result>(
  parent: string,
  use: (folder: string) => Promise<Result>,
): Promise<Result> {
  const temporary = await mkdtemp(join(parent, uploadFolderPrefix));
  try {
    const folder = join(temporary, 'upload');
    await mkdir(folder);
    return await use(folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** A single spreadsheet or archive is the roster; CSV files are a set, whatever their number. */
export function rosterPathOf({ folder, files }: Pick<Upload, 'folder' | 'files'>, method: SentBy): string {
  const [file, second] = files;
  const isSpreadsheet = file !== undefined && second === undefined && method === 'manual';
  return isSpreadsheet ? join(folder, file) : folder;
}

/** A killed server could not remove what it had received: rosters, readable by other processes of its user. */
async function removeAbandoned(parent: string): Promise<void> {
  const names = (await readdir(parent)).filter((name) => name.startsWith(uploadFolderPrefix));
  for (const folder of names.map((name) => join(parent, name))) {
    const found = await lstat(folder).catch(() => undefined);
    if (found === undefined || Date.now() - found.mtimeMs < abandonedMs) continue;
    // A folder of another user cannot be removed.
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function receive(
  request: Request,
  folder: string,
  bytes: number,
): Promise<Upload | UploadRefused | UploadAborted> {
  const tooLarge = refused('body_too_large', `The body may have ${bytes} bytes.`);
  if (Number(request.headers['content-length'] ?? 0) > bytes) return tooLarge;
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  try {
    if (type === 'multipart/form-data') return await receiveForm(request, folder, bytes);
    const name = single.get(type);
    if (name === undefined) {
      return refused('media_type_unsupported', `Send multipart/form-data, ${[...single.keys()].join(' or ')}.`);
    }
    await pipeline(Readable.from(bounded(request, bytes)), fileIn(folder, name));
    return { kind: 'received', folder, files: [name], fields: new Map() };
  } catch (failure) {
    if (failure instanceof TooLarge) return tooLarge;
    if (failure instanceof BadForm) return refused('malformed_request', failure.message);
    if (request.readableAborted) return { kind: 'aborted' };
    throw failure;
  }
}

async function receiveForm(request: Request, folder: string, bytes: number): Promise<Upload> {
  const files = new Map<string, BusboyFileStream>();
  const fields = new Map<string, string>();
  const writing: Promise<void>[] = [];
  const form = openForm(request);
  form.on('field', (name: string, value: string) => fields.set(name, value));
  form.on('file', (_field: string, file: BusboyFileStream, name: string | undefined) => {
    // Browsers send an empty name if no file is selected (HTML section 4.10.22.8), some programs none.
    if (name === undefined || name === '') return void file.resume();
    const fileName = basename(name);
    // Files that the sender's system adds are not part of the roster.
    if (!isNoLitter(fileName) || name.startsWith('__MACOSX/')) {
      file.resume();
      return;
    }
    const problem = files.has(fileName) ? 'Two files have one name.' : problemOfName(fileName);
    if (problem !== undefined) {
      file.resume();
      form.destroy(new BadForm(problem));
      return;
    }
    files.set(fileName, file);
    const written = pipeline(file, fileIn(folder, fileName));
    writing.push(written);
    // Awaited below; a failure must not be unhandled until then.
    written.catch((failure) => form.destroy(failure));
  });
  form.once('filesLimit', () => form.destroy(new BadForm(`A form may have ${maxFiles} files.`)));
  let late: NodeJS.Timeout | undefined;
  // The parser waits forever for the rest of a part whose header was cut off.
  const onEnd = () => {
    late = setTimeout(() => form.destroy(new BadForm(brokenForm)), cutOffMs);
  };
  try {
    await pipeline(Readable.from(bounded(request, bytes, onEnd)), form);
  } catch (failure) {
    for (const file of files.values()) file.destroy();
    await Promise.allSettled(writing);
    // All other parser errors are reported as an invalid form; their messages may quote the body.
    throw isOurs(failure) || request.readableAborted ? failure : new BadForm(brokenForm);
  } finally {
    clearTimeout(late);
  }
  await Promise.all(writing);
  return { kind: 'received', folder, files: [...files.keys()], fields };
}

function openForm(request: Request): Writable {
  const contentType = request.headers['content-type'] ?? '';
  try {
    return new Busboy({
      headers: { ...request.headers, 'content-type': contentType },
      limits: { files: maxFiles, fields: 32, fieldSize: 10_000, parts: 64, headerPairs: 50 },
    });
  } catch {
    throw new BadForm('The form names no boundary.');
  }
}

/** Leaves the request open when it stops: destroying it would prevent the response. */
async function* bounded(request: Request, bytes: number, onEnd = () => {}): AsyncGenerator<Buffer> {
  let seen = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    seen += chunk.length;
    if (seen > bytes) throw new TooLarge();
    yield chunk;
  }
  onEnd();
}

/** `wx`: overwrites neither another file nor a link. */
const fileIn = (folder: string, name: string) => createWriteStream(join(folder, name), { flags: 'wx', mode: 0o600 });

const problemOfName = (name: string): string | undefined =>
  /^[\p{L}\p{N}][\p{L}\p{M}\p{N} ()_.-]{0,99}$/u.test(name) ? undefined : 'A file needs a plain name.';

function drain(request: Request): void {
  request.resume();
  const late = setTimeout(() => request.destroy(), drainMs);
  request.once('close', () => clearTimeout(late));
}

class TooLarge extends Error {}
class BadForm extends Error {}

const isOurs = (failure: unknown): boolean => failure instanceof TooLarge || failure instanceof BadForm;

const refused = (code: UploadRefused['code'], detail: string): UploadRefused => ({ kind: 'refused', code, detail });

/** The previous upload was answered and is removing its files: its client may send the next before that ends. */
const patienceMs = 2_000;

/**
 * One upload per district at a time on a server: each may take a gigabyte of disk and minutes of work. Runs `work`
 * unless the same key is still busy after two seconds; then `refuse`.
 */
export function createOneAtATime() {
  const busy = new Map<string, Promise<unknown>>();
  return async <Result>(key: string, work: () => Promise<Result>, refuse: () => Result): Promise<Result> => {
    const end = performance.now() + patienceMs;
    // Several may wait for the same one: the first to continue makes the others wait again.
    for (let before = busy.get(key); before !== undefined; before = busy.get(key)) {
      if (performance.now() >= end) return refuse();
      await settledWithin(before, end - performance.now());
    }
    const running = work();
    busy.set(key, running);
    try {
      return await running;
    } finally {
      busy.delete(key);
    }
  };
}

async function settledWithin(work: Promise<unknown>, ms: number): Promise<void> {
  const given = new AbortController();
  const done = work.then(
    () => undefined,
    () => undefined,
  );
  await Promise.race([done, sleep(ms, undefined, { signal: given.signal }).catch(() => undefined)]);
  given.abort();
}
