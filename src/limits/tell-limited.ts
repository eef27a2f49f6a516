// One line in the log for many requests that were refused: a flood of requests must not become a flood of lines.
const everyMs = 10_000;

/**
 * @param tell what was refused, and how many of it since it was told of last
 * @param nameOf tells what is one line from what is another; of a closed set
 */
export function createTellLimited<Refused>(
  tell: (refused: Refused, count: number) => void,
  { clock = Date.now, nameOf = String }: { clock?: () => number; nameOf?: (refused: Refused) => string } = {},
): (refused: Refused) => void {
  const lines = new Map<string, { toldAt: number; count: number }>();
  return (refused) => {
    const name = nameOf(refused);
    const known = lines.get(name) ?? { toldAt: Number.NEGATIVE_INFINITY, count: 0 };
    lines.set(name, known);
    known.count += 1;
    if (clock() - known.toldAt < everyMs) return;
    tell(refused, known.count);
    known.toldAt = clock();
    known.count = 0;
  };
}
