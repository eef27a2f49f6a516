// Copies one file of an upload to where no SFTP session can write, and computes the copy's digest.
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Finding } from '../formats/feed.ts';
import { errorAt } from '../formats/finding.ts';

export interface SetFile {
  readonly file: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

/**
 * A finding if the file's permissions, set by the district's client, deny access.
 * @param bytes maximum to copy: data appended meanwhile shows in the state of the file
 */
export async function copyFile(from: string, to: string, file: string, bytes: number): Promise<SetFile | Finding> {
  const source = await open(from, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    unlessForbidden,
  );
  if (source === undefined) return errorAt('file_unreadable', { file });
  const target = await open(to, 'wx', 0o600);
  try {
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafe(1_048_576);
    let copied = 0;
    while (copied < bytes) {
      const { bytesRead } = await source.read(buffer, 0, Math.min(buffer.length, bytes - copied));
      if (bytesRead === 0) break;
      const part = buffer.subarray(0, bytesRead);
      hash.update(part);
      await target.writeFile(part);
      copied += bytesRead;
    }
    // If there are a ZIP and loose files, the newer set counts.
    const { atime, mtime } = await source.stat();
    await target.utimes(atime, mtime);
    await target.sync();
    return { file, bytes: copied, sha256: hash.digest('hex') };
  } finally {
    await source.close();
    await target.close();
  }
}

function unlessForbidden(failure: unknown): undefined {
  if (Object(failure).code === 'EACCES') return;
  throw failure;
}
