// Uploaded roster files between check and publish: sealed in the district's partition for half an hour, so that exactly
// the checked files are published, by any server. Larger uploads are not stored and must be selected again.
import { randomBytes } from 'node:crypto';
import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { partitionOf } from '../district/district.ts';
import type { SentBy } from '../formats/format.ts';
import { sealed, storedWord } from '../store/sealed.ts';
import type { Address, Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';

interface KeptUpload {
  readonly method: SentBy;
  /** The visitor whose page received the id: no other visitor can publish it. */
  readonly owner: string;
  readonly files: readonly { readonly name: string; readonly parts: number }[];
}

export interface KeptUploads {
  /** Undefined if the files are too large to be stored. */
  keep(
    districtId: string,
    upload: { method: SentBy; owner: string; folder: string; names: readonly string[] },
  ): Promise<string | undefined>;
  find(districtId: string, id: string): Promise<KeptUpload | undefined>;
  /** Writes the files to a folder; false if one has expired. */
  restore(districtId: string, id: string, folder: string): Promise<boolean>;
}

const maxBytes = 16 * 1024 ** 2;
const partBytes = 512 * 1024;
const keptSeconds = 1_800;

const shape: z.ZodType<KeptUpload> = z.object({
  method: storedWord<SentBy>(),
  owner: z.string(),
  files: z.array(z.object({ name: z.string(), parts: z.number() })),
});

export function createKeptUploads(store: Store, vault: Vault): KeptUploads {
  const uploads = sealed(store, vault, shape);
  const at = (districtId: string, id: string): Address => ({
    partition: partitionOf(vault, districtId),
    id: `upload.${id}`,
  });
  const partAt = (districtId: string, id: string, file: number, part: number): Address =>
    at(districtId, `${id}.${file}.${part}`);
  const find = async (districtId: string, id: string) =>
    /^[0-9a-f]{32}$/.test(id) ? uploads.read(at(districtId, id)) : undefined;

  async function keepFile(districtId: string, id: string, file: number, path: string): Promise<number> {
    const bytes = await readFile(path);
    let parts = 0;
    for (let from = 0; from < bytes.length; from += partBytes, parts += 1) {
      const there = partAt(districtId, id, file, parts);
      const value = vault.seal(there, bytes.subarray(from, from + partBytes));
      await store.put(there, value, { ttlSeconds: keptSeconds });
    }
    return parts;
  }

  return {
    find,
    async keep(districtId, { method, owner, folder, names }) {
      const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
      if (sizes.reduce((sum, size) => sum + size, 0) > maxBytes) return undefined;
      const id = randomBytes(16).toString('hex');
      const files: { name: string; parts: number }[] = [];
      for (const [index, name] of names.entries())
        files.push({ name, parts: await keepFile(districtId, id, index, join(folder, name)) });
      await store.commit([], [uploads.write(at(districtId, id), { method, owner, files }, keptSeconds)]);
      return id;
    },
    async restore(districtId, id, folder) {
      const kept = await find(districtId, id);
      for (const [index, { name, parts }] of (kept?.files ?? []).entries()) {
        const file = await open(join(folder, name), 'wx', 0o600);
        try {
          for (let part = 0; part < parts; part += 1) {
            const there = partAt(districtId, id, index, part);
            const [value] = await store.get([there]);
            if (value === undefined) return false;
            await file.write(vault.open(there, value));
          }
        } finally {
          await file.close();
        }
      }
      return kept !== undefined;
    },
  };
}
