// One log line for many refused requests: a flood of requests must not become a flood of log lines.
const everyMs = 10_000;

/**
 * @param write receives a refusal and the number of refusals since its last line
 * @param clock monotonic milliseconds
 * @param nameOf groups refusals into lines; its names must be a closed set
 */
export function createLimitedLog<Refused>(
  write: (refused: Refused, count: number) => void,
  {
    clock = () => performance.now(),
    nameOf = String,
  }: { clock?: () => number; nameOf?: (refused: Refused) => string } = {},
): (refused: Refused) => void {
  const lines = new Map<string, { reportedAt: number; count: number }>();
  return (refused) => {
    const name = nameOf(refused);
    const known = lines.get(name) ?? { reportedAt: Number.NEGATIVE_INFINITY, count: 0 };
    lines.set(name, known);
    known.count += 1;
    if (clock() - known.reportedAt < everyMs) return;
    write(refused, known.count);
    known.reportedAt = clock();
    known.count = 0;
  };
}
