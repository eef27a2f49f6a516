// A pointer to one attempt: its time and its blinded reference, in 22 bytes. The content of the logs and lists of
// attempts, which therefore contain no personal data, stay small, and can be sorted by time without reading a record.

export interface AttemptPointer {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The blinded reference, 32 hex digits. */
  readonly id: string;
}

export const pointerBytes = 22;
const timeBytes = 6;

/** `YYYY-MM-DD`, UTC. */
export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

export function packPointer({ at, id }: AttemptPointer): Buffer {
  const bytes = Buffer.alloc(pointerBytes);
  bytes.writeUIntBE(at, 0, timeBytes);
  bytes.write(id, timeBytes, 'hex');
  return bytes;
}

export const unpackPointer = (bytes: Buffer): AttemptPointer => ({
  at: bytes.readUIntBE(0, timeBytes),
  id: bytes.toString('hex', timeBytes, pointerBytes),
});
