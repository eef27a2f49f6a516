// The run: throws the requests, judges every answer, and looks after the process meanwhile and afterwards.
import { readLine } from '../../test/helpers/bridge-process.ts';
import { judge } from './oracle.ts';
import { judgeShape, rawShapes } from './raw-shapes.ts';
import { type FuzzRequest, makeRequests } from './requests.ts';
import { mark } from './values.ts';
import { createWire } from './wire.ts';
import { createWorld, type World } from './world.ts';

export interface FuzzOptions {
  readonly seed: number;
  readonly requests: number;
  readonly engine: 'embedded' | 'redis';
  readonly limits: 'on' | 'off';
  /** Stops throwing then, whatever is left. */
  readonly maxSeconds: number;
  /** An answer that takes longer is a finding. */
  readonly maxAnswerMs?: number;
  readonly print: (line: string) => void;
}

export interface Finding {
  readonly what: string;
  readonly route: string;
  /** Number of the first request that showed it; `--print` shows that. */
  readonly first: number;
  times: number;
}

export interface FuzzResult {
  readonly sent: number;
  readonly rawSent: number;
  readonly seconds: number;
  readonly findings: readonly Finding[];
  /** By route, then status; 0 is an end without an answer. */
  readonly counts: ReadonlyMap<string, ReadonlyMap<number, number>>;
  readonly slowestMs: number;
  readonly slowestLivezMs: number;
  /** Resident memory of the bridge, megabytes. */
  readonly memory: readonly number[];
  readonly logLines: number;
  readonly exitCode: number | null;
}

const batchSize = 500;
const inFlight = 64;

export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  // One run: the clients, the clock and the measures that they share.
  const { seed, requests, print, maxAnswerMs = 15_000 } = options;
  const world = { ...(await createWorld(options.engine, options.limits)), maxAnswerMs };
  const wire = createWire(world.fixture.bridge.url, maxAnswerMs + 5_000);
  const ledger = createLedger();
  const memory: number[] = [];
  let [sent, rawSent, slowestMs, slowestLivezMs] = [0, 0, 0, 0];
  const began = performance.now();
  const isOver = () => performance.now() - began > options.maxSeconds * 1000;

  async function throwOne(asked: FuzzRequest, number: number) {
    const filled = fillRequest(world, asked);
    const seen = await wire.send(filled);
    slowestMs = Math.max(slowestMs, seen.milliseconds);
    ledger.count(asked.route, seen.status);
    for (const what of judge(world, { ...filled, asked }, seen)) ledger.find(what, asked.route, number);
  }

  async function throwShapes(number: number) {
    await Promise.all(
      rawShapes.map(async (shape) => {
        const seen = await wire.sendRaw(world.fill(shape.text));
        const asked: FuzzRequest = { route: shape.name, method: 'GET', target: '/', headers: [], manner: 'whole' };
        ledger.count('raw', seen.status);
        for (const what of [...judge(world, { ...asked, asked }, seen), ...judgeShape(shape, seen.raw ?? '')])
          ledger.find(what, `raw: ${shape.name}`, number);
        rawSent += 1;
      }),
    );
  }

  async function lookAfter() {
    const asked = performance.now();
    const alive = await fetch(`${world.fixture.bridge.opsUrl}/livez`);
    slowestLivezMs = Math.max(slowestLivezMs, performance.now() - asked);
    if (!alive.ok) ledger.find('is not alive', 'livez', sent);
    const metrics = await (await fetch(`${world.fixture.bridge.opsUrl}/metrics`)).text();
    memory.push(Math.round(Number(/^process_resident_memory_bytes (\d+)/m.exec(metrics)?.[1] ?? 0) / 2 ** 20));
  }

  try {
    await lookAfter();
    await eachOf(allRequests(seed, requests), async ([number, asked]) => {
      if (isOver()) return;
      sent += 1;
      await throwOne(asked, number);
      if (number % 500 === 499) await lookAfter();
      if (number % 2_000 === 999) await world.refresh();
      if (number % 4_000 === 499) await throwShapes(number);
      if (number % 10_000 === 9_999)
        print(`${sent} requests, ${ledger.findings().length} findings, ${memory.at(-1)} MB`);
    });
    await lookAfter();
    return await end();
  } finally {
    wire.close();
    await world.stop();
  }

  async function end(): Promise<FuzzResult> {
    const seconds = (performance.now() - began) / 1000;
    wire.close();
    const exitCode = await world.fixture.bridge.stop();
    if (exitCode !== 0) ledger.find(`ended with ${exitCode} after ${world.fixture.bridge.raw.at(-1)}`, 'process', sent);
    const { raw } = world.fixture.bridge;
    for (const line of raw) for (const what of judgeLine(world, line)) ledger.find(what, 'log', sent);
    return {
      sent,
      rawSent,
      seconds,
      findings: ledger.findings(),
      counts: ledger.counts,
      slowestMs,
      slowestLivezMs,
      memory,
      logLines: raw.length,
      exitCode,
    };
  }
}

/** The request with its number, as `--print` shows it. */
export const findRequest = (seed: number, number: number): FuzzRequest | undefined =>
  makeRequests(seed, Math.floor(number / batchSize), batchSize)[number % batchSize];

function fillRequest({ fill }: World, request: FuzzRequest): FuzzRequest {
  const { body } = request;
  const bytes = body?.bytes.includes('{{') ? Buffer.from(fill(body.bytes.toString('latin1')), 'latin1') : body?.bytes;
  return {
    ...request,
    target: fill(request.target),
    headers: request.headers.map(([name, value]) => [name, fill(value)] as const),
    ...(body === undefined || bytes === undefined ? {} : { body: { ...body, bytes } }),
  };
}

/** An unexpected failure, a line that is no log line, or one that holds sent or personal data. */
function judgeLine({ secrets, personal }: World, line: string): string[] {
  const { event, place, failure } = readLine(line);
  const found: string[] = [];
  if (typeof event !== 'string') found.push(`no line of the log: ${line.slice(0, 60)}`);
  if (event === 'failure') found.push(`an unexpected failure: ${failure} at ${place}`);
  if (line.includes(mark)) found.push('the log says what we sent');
  if ([...secrets().keys(), ...[...personal.values()].flat()].some((fact) => line.includes(fact)))
    found.push('a log line holds a person or a secret');
  return found;
}

function* allRequests(seed: number, count: number): Generator<readonly [number: number, request: FuzzRequest]> {
  for (let first = 0; first < count; first += batchSize) {
    const batch = makeRequests(seed, first / batchSize, Math.min(batchSize, count - first));
    for (const [index, request] of batch.entries()) yield [first + index, request];
  }
}

async function eachOf<One>(all: Generator<One>, work: (one: One) => Promise<void>): Promise<void> {
  const worker = async () => {
    for (let next = all.next(); next.done !== true; next = all.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
}

function createLedger() {
  const counts = new Map<string, Map<number, number>>();
  const found = new Map<string, Finding>();
  return {
    counts,
    findings: () => [...found.values()],
    count(route: string, status: number) {
      const of = counts.get(route) ?? new Map<number, number>();
      counts.set(route, of.set(status, (of.get(status) ?? 0) + 1));
    },
    find(what: string, route: string, first: number) {
      const known = found.get(`${route} ${what}`) ?? { what, route, first, times: 0 };
      known.times += 1;
      found.set(`${route} ${what}`, known);
    },
  };
}
