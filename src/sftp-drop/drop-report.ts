// The report that a district fetches after an upload: report.txt for people, report.json for programs. Contains places,
// never values.
import { lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PublishResult } from '../roster/publish.ts';
import { describeReport } from '../roster/report-text.ts';
import { describeResult } from '../roster/roster-documents.ts';
import type { Manifest } from './drop-set.ts';
import type { SetRecord } from './publish-set.ts';

/** How long a refused or held set is kept. */
export const keptDays = 7;

const outcomes = {
  published: 'PUBLISHED: this roster is in force.',
  checked: 'Checked.',
  held: `HELD: with this roster so many people could not sign in, or so many classes would be gone, that Summit K12 has to check it first. The roster before it stays in force. If the change is meant, tell Summit to approve it; the files are kept for ${keptDays} days. If not, upload a corrected set: it takes the place of this one.`,
  refused: `NOT PUBLISHED: the roster before this one stays in force. Correct the errors below and upload all files again. The files are kept for ${keptDays} days.`,
} satisfies Record<PublishResult['kind'], string>;

export function textReport(manifest: Manifest, { result, at }: SetRecord): string {
  const files = manifest.files.map(({ file, bytes, sha256 }) => `${file}, ${bytes} bytes, SHA-256 ${sha256}`);
  const lines = [
    outcomes[result.kind],
    '',
    `Upload ${manifest.id}, finished ${new Date(at).toISOString()}`,
    ...files,
    '',
    ...describeReport(result),
  ];
  return `${lines.join('\r\n')}\r\n`;
}

/** As `roster publish --json`, plus the identity of the upload. */
export function jsonReport(districtId: string, manifest: Manifest, { result, at }: SetRecord): string {
  const upload = { upload: manifest.id, finished_at: new Date(at).toISOString(), sha256: manifest.digest };
  const document = { ...upload, files: manifest.files, ...describeResult(districtId, result) };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** Writes each file atomically by a rename; a reader sees the old report or the new one. */
export async function writeReports(outgoing: string, reports: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(outgoing, { mode: 0o755 }).catch((failure: unknown) => {
    if (!isThere(failure)) throw failure;
  });
  // If the district owns the parent folder, it could place a link here and have one of the bridge's files overwritten.
  if (!(await lstat(outgoing)).isDirectory()) throw new OutgoingUnsafe();
  for (const [name, text] of Object.entries(reports)) {
    const draft = join(outgoing, `.${name}.new`);
    await rm(draft, { force: true });
    const handle = await open(draft, 'wx', 0o644);
    try {
      await handle.writeFile(text);
      await handle.chmod(0o644);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, join(outgoing, name));
  }
}

const isThere = (failure: unknown): boolean => Object(failure).code === 'EEXIST';

class OutgoingUnsafe extends Error {
  readonly code = 'OUTGOING_UNSAFE';
}
