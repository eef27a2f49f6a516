// An export of a store on disk: parts, each sealed by the store's root key, and a manifest with the size and SHA-256 of
// each. Only times, counts and the name of the source are in the clear. export-store.ts owns the procedure.
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { StoreItem } from '../store-items.ts';
import { SealBroken, type Vault } from '../vault.ts';

const manifestName = 'manifest.json';
const unfinishedName = 'unfinished.json';
const version = 1;
/** A part ends after the item that fills it; a value has at most a few megabytes. */
const partBytes = 4_000_000;

const tallyShape = z.record(z.string(), z.object({ count: z.number(), digest: z.string() }));
const manifestShape = z.object({
  format: z.literal('sso-bridge-store-export'),
  version: z.number(),
  /** Of the move. */
  id: z.string(),
  /** ISO 8601. */
  taken_at: z.string(),
  from: z.string(),
  /** The root key, wrapped as in a store. */
  root: z.string(),
  items: tallyShape,
  parts: z.array(z.object({ file: z.string().regex(/^part-\d{6}\.sealed$/), bytes: z.number(), sha256: z.string() })),
  /** A keyed hash of all other members, by the root key. */
  seal: z.string(),
});

export type Manifest = z.infer<typeof manifestShape>;
type Part = Manifest['parts'][number];

const sealOf = (vault: Vault, { seal: _, ...rest }: Omit<Manifest, 'seal'> & { readonly seal?: string }): string =>
  vault.blind('export-manifest', JSON.stringify(manifestShape.omit({ seal: true }).parse(rest)));

/** The content of the path: nothing, an interrupted export, a complete one, or something else. `id` is of the move. */
type ExportState =
  | { readonly kind: 'empty' | 'other' }
  | { readonly kind: 'whole' | 'unfinished'; readonly id: string | undefined };

export async function readState(folder: string): Promise<ExportState> {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found !== undefined && !found.isDirectory()) return { kind: 'other' };
  const names: readonly string[] = found === undefined ? [] : await readdir(folder);
  if (names.length === 0) return { kind: 'empty' };
  const idIn = async (name: string) => {
    const read = z.object({ id: z.string() }).safeParse(parseJson(await readFile(join(folder, name), 'utf8')));
    return read.success ? read.data.id : undefined;
  };
  if (names.includes(manifestName)) return { kind: 'whole', id: await idIn(manifestName) };
  return names.includes(unfinishedName) ? { kind: 'unfinished', id: await idIn(unfinishedName) } : { kind: 'other' };
}

/** Restarts an interrupted export. */
export async function beginExport(folder: string, id: string): Promise<void> {
  await writeWhole(join(folder, unfinishedName), JSON.stringify({ id }));
  for (const name of await readdir(folder)) if (name.startsWith('part-')) await rm(join(folder, name));
}

/** @returns the written parts */
export async function writeParts(
  folder: string,
  id: string,
  vault: Vault,
  items: AsyncIterable<readonly StoreItem[]>,
): Promise<Part[]> {
  const parts: Part[] = [];
  let pieces: Buffer[] = [];
  let bytes = 0;
  async function end(): Promise<void> {
    const file = `part-${String(parts.length + 1).padStart(6, '0')}.sealed`;
    const sealed = vault.seal(partAt(id, file), Buffer.concat(pieces));
    await writeWhole(join(folder, file), sealed);
    parts.push({ file, bytes: sealed.length, sha256: createHash('sha256').update(sealed).digest('hex') });
    [pieces, bytes] = [[], 0];
  }
  for await (const batch of items)
    for (const item of batch) {
      const packed = packItem(item);
      pieces.push(packed);
      bytes += packed.length;
      if (bytes >= partBytes) await end();
    }
  if (pieces.length > 0) await end();
  return parts;
}

/** From here on the export is complete. */
export async function finishExport(
  folder: string,
  vault: Vault,
  manifest: Omit<Manifest, 'seal' | 'format' | 'version'>,
): Promise<void> {
  const all = { format: 'sso-bridge-store-export' as const, version, ...manifest };
  const partial = join(folder, `${manifestName}.partial`);
  await writeWhole(partial, `${JSON.stringify({ ...all, seal: sealOf(vault, all) }, undefined, 1)}\n`);
  await rename(partial, join(folder, manifestName));
  await rm(join(folder, unfinishedName), { force: true });
}

type ManifestRead =
  | { readonly kind: 'manifest'; readonly manifest: Manifest }
  | {
      readonly kind: 'refused';
      readonly code: 'export_missing' | 'export_unfinished' | 'export_version' | 'export_broken';
      readonly detail: string;
    };

export async function readManifest(folder: string): Promise<ManifestRead> {
  const state = await readState(folder);
  const refused = (code: Extract<ManifestRead, { kind: 'refused' }>['code'], detail: string) =>
    ({ kind: 'refused', code, detail }) as const;
  if (state.kind === 'unfinished')
    return refused('export_unfinished', `The export in ${folder} was broken off: run \`store export\` again.`);
  if (state.kind !== 'whole') return refused('export_missing', `There is no export in ${folder} (no ${manifestName}).`);
  const found = parseJson(await readFile(join(folder, manifestName), 'utf8'));
  if (Object(found).format === 'sso-bridge-store-export' && Object(found).version !== version)
    return refused('export_version', `The export in ${folder} is of a version that this one does not read.`);
  const read = manifestShape.safeParse(found);
  if (!read.success) return refused('export_broken', `${manifestName} in ${folder} is not that of an export.`);
  return { kind: 'manifest', manifest: read.data };
}

/** The first file that differs from what was written, by name; undefined for an intact export. Reads all of it. */
export async function findBrokenPart(folder: string, vault: Vault, manifest: Manifest): Promise<string | undefined> {
  if (sealOf(vault, manifest) !== manifest.seal) return manifestName;
  for (const part of manifest.parts) {
    const sealed = await readPart(folder, part);
    if (sealed === undefined) return part.file;
  }
  return undefined;
}

/** @throws SealBroken, and TypeError for a part that changed since it was verified */
export async function* readParts(
  folder: string,
  vault: Vault,
  manifest: Manifest,
): AsyncIterable<readonly StoreItem[]> {
  for (const part of manifest.parts) {
    const sealed = await readPart(folder, part);
    if (sealed === undefined) throw new SealBroken();
    const items = unpackItems(vault.open(partAt(manifest.id, part.file), sealed));
    for (let at = 0; at < items.length; at += itemsPerBatch) yield items.slice(at, at + itemsPerBatch);
  }
}

const itemsPerBatch = 200;
const partAt = (id: string, file: string) => ({ partition: 'export', table: id, id: file });

async function readPart(folder: string, { file, bytes, sha256 }: Part): Promise<Buffer | undefined> {
  const sealed = await readFile(join(folder, file)).catch(() => undefined);
  const isWhole = sealed?.length === bytes && createHash('sha256').update(sealed).digest('hex') === sha256;
  return isWhole ? sealed : undefined;
}

/** On disk when it resolves; readable by this user only. */
async function writeWhole(path: string, content: string | Buffer): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The length of the header, the header as JSON, the value. */
function packItem({ kind, partition, name, id, value, expiresAt = 0 }: StoreItem): Buffer {
  const head = Buffer.from(JSON.stringify([kind, partition, name, id, expiresAt, value.length]));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(head.length);
  return Buffer.concat([length, head, value]);
}

const headShape = z.tuple([
  z.enum(['value', 'row', 'first', 'further', 'entry']),
  z.string(),
  z.string(),
  z.string(),
  z.number(),
  z.number(),
]);

function unpackItems(bytes: Buffer): StoreItem[] {
  const items: StoreItem[] = [];
  for (let at = 0; at < bytes.length; ) {
    const start = at + 4 + bytes.readUInt32BE(at);
    const [kind, partition, name, id, expiresAt, length] = headShape.parse(
      JSON.parse(bytes.toString('utf8', at + 4, start)),
    );
    at = start + length;
    const value = bytes.subarray(start, at);
    items.push({ kind, partition, name, id, value, ...(expiresAt === 0 ? {} : { expiresAt }) });
  }
  return items;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
