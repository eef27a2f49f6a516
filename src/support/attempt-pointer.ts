// Where one attempt lies: its day and its blinded reference, in 20 bytes. What the logs and lists of attempts hold, so
// that they name nobody and stay small.

export interface AttemptPointer {
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string;
  /** The blinded reference, 32 hex signs. */
  readonly id: string;
}

export const pointerBytes = 20;
const dayMs = 86_400_000;

export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

export function packPointer({ day, id }: AttemptPointer): Buffer {
  const bytes = Buffer.alloc(pointerBytes);
  bytes.writeInt32BE(Date.parse(day) / dayMs);
  bytes.write(id, 4, 'hex');
  return bytes;
}

export const unpackPointer = (bytes: Buffer): AttemptPointer => ({
  day: dayOf(bytes.readInt32BE() * dayMs),
  id: bytes.toString('hex', 4, pointerBytes),
});
