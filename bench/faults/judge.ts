// The figures of a fault run, and the broken promises: no user gets another's account, every refusal is one of the
// closed set and in time, no acknowledged write is lost, a failure is never read as "no".

import { openServices } from '../../src/compose/commands.ts';
import type { Services } from '../../src/compose/services.ts';
import type { Code } from '../../src/outcome/outcome-codes.ts';
import { readReference } from '../../src/outcome/reference.ts';
import { sideBySide } from '../drive-sign-ins.ts';
import { personOf } from '../students.ts';
import { type Allowance, type Fault, type Run, readSettings } from './lab.ts';
import { ask, type Seen, type SeenAnswer, type SeenSignIn } from './traffic.ts';

export interface Figures {
  readonly signIns: number;
  /** How many ended in what, in all. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Of sign-ins that failed, milliseconds: the median and the slowest. */
  readonly failingMs: readonly [median: number, slowest: number];
  /** Of all that got in, the slowest. Milliseconds. */
  readonly slowestGoodMs: number;
  /** Sign-ins under way at once, at most. */
  readonly most: number;
  /** From the end of the fault until the last sign-in that failed had begun. Milliseconds; 0 if none. */
  readonly wellAfterMs: number;
  readonly readyAfterMs: number | undefined;
  /** What 99 in 100 answers of /livez took at most. Milliseconds. */
  readonly livezMs: number;
  readonly machineMs: number;
  readonly saidNotReady: boolean;
  /** From the fault until the last sign-in that failed had begun. Milliseconds; 0 if none. */
  readonly failedForMs: number;
  /** How questions about live sessions were answered, by status. */
  readonly answers: Readonly<Record<string, number>>;
  readonly lost: Readonly<Record<'sessions' | 'links' | 'attempts' | 'endings', number>>;
  readonly acknowledged: Readonly<Record<'sessions' | 'links' | 'attempts' | 'endings', number>>;
}

export interface Verdict {
  readonly figures: Figures;
  /** What the fault itself found out. */
  readonly facts: readonly string[];
  /** What breaks a promise. */
  readonly broken: readonly string[];
}

const maxAnswerMs = 16_500;
/** The refusals that a user with an account may get: never one that denies the account. */
const mayPass: ReadonlySet<string> = new Set<Code>(['service_unavailable', 'clever_unavailable', 'clever_rejected']);

export async function judge({ may = {} }: Fault, run: Run): Promise<Verdict> {
  const { seen, from, to, readyAt } = run;
  const failed = seen.signIns.filter((one) => !isAsWanted(one));
  const kept = await countLost(run);
  const figures: Figures = {
    signIns: seen.signIns.length,
    outcomes: countBy(seen.signIns, ({ outcome }) => outcome),
    failingMs: [quantile(failed, 0.5), quantile(failed, 1)],
    slowestGoodMs: quantile(seen.signIns.filter(isAsWanted), 1),
    most: seen.most,
    wellAfterMs: Math.max(0, ...failed.map(({ at }) => Math.round(at - to))),
    readyAfterMs: readyAt === undefined ? undefined : Math.round(readyAt - to),
    livezMs: quantile(seen.livez, 0.99),
    machineMs: seen.machineMs,
    saidNotReady: seen.readyz.some(({ status }) => status === 503),
    failedForMs: Math.max(0, ...failed.map(({ at }) => Math.round(at - from))),
    answers: countBy(askedAbout(seen), ({ status }) => `${status}`),
    ...kept.counts,
  };
  const broken = [
    ...brokenBySignIns(seen, may),
    ...brokenByProbes(seen, may, kept.gone),
    ...kept.strangers.map((student) => `${student} was signed in as another user`),
    ...brokenByLoss(figures, may),
    ...run.lab.broken,
    ...(readyAt === undefined && !may.stayIll ? ['a bridge did not get ready again'] : []),
  ];
  const memory = await Promise.all(run.lab.bridges.map(readMemory));
  const facts = run.lab.facts.length === 0 ? [] : [...run.lab.facts, `${Math.max(...memory)} MB resident at the end`];
  return { figures, facts, broken: [...new Set(broken)] };
}

/** Signed in, or refused as a user who is not in the roster must be. */
const isAsWanted = ({ outcome, student }: SeenSignIn) =>
  outcome === (student.number < 100_000 ? 'signed-in' : 'not_rostered');

function brokenBySignIns({ signIns }: Seen, may: Allowance): string[] {
  return signIns
    .filter((one) => !isAsWanted(one))
    .flatMap(({ outcome, refusal, ms, callbackMs }) => {
      const took = Math.round(callbackMs || ms);
      if (outcome === 'unanswered' && may.breakConnections) return [];
      if (outcome === 'not-listening' && may.notListen) return [];
      if (!mayPass.has(outcome)) return [`a student was refused as ${outcome}`];
      const wants503 = outcome === 'service_unavailable' || outcome === 'clever_unavailable';
      return [
        ...(wants503 && !/^\d+$/.test(refusal?.retryAfter ?? '') ? [`${outcome} came without Retry-After`] : []),
        ...(took > maxAnswerMs ? [`a callback took ${took} ms to fail`] : []),
      ];
    });
}

/** Of sessions that were not ended. */
const askedAbout = ({ sessions, introspections, toEnd }: Seen): SeenAnswer[] =>
  [...sessions, ...introspections].filter(({ about }) => about !== undefined && !toEnd.has(about));

/** @param gone sessions that the store has lost: to them "no" is the truth */
function brokenByProbes(seen: Seen, may: Allowance, gone: ReadonlySet<SeenSignIn>): string[] {
  const { livez, machineMs } = seen;
  const asked = askedAbout(seen);
  const saysNo = ({ status, body, about }: SeenAnswer) =>
    (status === 401 || (status === 200 && body['active'] !== true)) && about !== undefined && !gone.has(about);
  const isSilent = ({ status }: SeenAnswer) => status === 0;
  const isUnpromised = ({ status, retryAfter }: SeenAnswer) =>
    ![0, 200, 401, 503].includes(status) || (status === 503 && retryAfter === null);
  return [
    ...asked.filter(saysNo).map(({ status }) => `a live session was denied with ${status}`),
    ...asked.filter(isUnpromised).map(({ status }) => `a question about a session was answered with ${status}`),
    ...(may.notListen ? [] : [...asked, ...livez].filter(isSilent).map(() => 'a question was not answered at all')),
    ...(!may.notListen && quantile(livez, 0.99) > 1_000 + machineMs ? ['/livez took over a second'] : []),
  ];
}

function brokenByLoss({ lost }: Figures, may: Allowance): string[] {
  return Object.entries(lost).flatMap(([what, count]) =>
    count === 0 || (may.lose && what !== 'endings') ? [] : [`${count} acknowledged ${what} were lost`],
  );
}

async function countLost(run: Run) {
  const services = await openServices(readSettings(run.lab.store.directEnv)).catch(() => undefined);
  try {
    return await compare(run, services);
  } finally {
    await services?.storage.store.close();
  }
}

/** @param services undefined when the store was lost: then it holds nothing to compare with */
async function compare({ seen, lab, authorization, accountOf }: Run, services: Services | undefined) {
  const signedIn = seen.signIns.filter(({ outcome }) => outcome === 'signed-in');
  const gone = new Set<SeenSignIn>();
  const lost = { sessions: 0, links: 0, attempts: 0, endings: 0 };
  const url = lab.bridges[1]?.url ?? '';
  const isActive = async ({ token = '' }: SeenSignIn) => {
    const init = { method: 'POST', headers: { authorization }, body: new URLSearchParams({ token }) };
    return (await ask(`${url}/oauth/introspect`, init)).body['active'] === true;
  };
  const live = signedIn.filter((one) => !seen.toEnd.has(one));
  await sideBySide(live, 16, async (one) => {
    if (await isActive(one)) return;
    lost.sessions += 1;
    gone.add(one);
  });
  await sideBySide(seen.ended, 16, async (one) => {
    if (await isActive(one)) lost.endings += 1;
  });
  const linked = [...new Map(signedIn.map((one) => [one.sub, one])).values()];
  await sideBySide(linked, 16, async (one) => {
    if ((await linkedTo(services, one)) !== one.sub) lost.links += 1;
  });
  // A refusal by a silent store has a reference too, and the log line is its record.
  const references = seen.signIns.flatMap(({ outcome, refusal }) =>
    outcome === 'not_rostered' && refusal?.reference !== undefined ? [refusal.reference] : [],
  );
  await sideBySide(references, 16, async (text) => {
    const reference = readReference(text) ?? '';
    const found = await services?.support.attempts.find(reference);
    if (found === undefined && !isInLog(lab.bridges, reference)) lost.attempts += 1;
  });
  const strangers = signedIn
    .filter((one) => one.sub !== accountOf(one.student))
    .map(({ student }) => `${student.number}`);
  return {
    strangers,
    gone,
    counts: {
      lost,
      acknowledged: {
        sessions: live.length,
        links: linked.length,
        attempts: references.length,
        endings: seen.ended.size,
      },
    },
  };
}

/** The account that is linked to the student's Clever id; undefined too where no store is left to ask. */
async function linkedTo(services: Services | undefined, { student }: SeenSignIn) {
  if (services === undefined) return undefined;
  const { rosters, links } = services.rosters;
  return links.findAccountId(await rosters.read(student.district, 1_000), personOf(student).id);
}

/** MB; with the pages of an embedded store that the kernel keeps mapped. */
async function readMemory({ opsUrl }: Run['lab']['bridges'][number]): Promise<number> {
  const metrics = await fetch(`${opsUrl}/metrics`)
    .then((answer) => answer.text())
    .catch(() => '');
  return Math.round(Number(/^process_resident_memory_bytes (\S+)/m.exec(metrics)?.[1] ?? 0) / 2 ** 20);
}

const isInLog = (bridges: Run['lab']['bridges'], reference: string): boolean =>
  bridges.some((bridge) =>
    bridge.signIns().some((line) => line['unrecorded'] === true && line['reference'] === reference),
  );

function quantile(all: readonly { readonly ms: number }[], share: number): number {
  const sorted = all.map(({ ms }) => ms).sort((one, other) => one - other);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
}

function countBy<Item>(items: readonly Item[], nameOf: (item: Item) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[nameOf(item)] = (counts[nameOf(item)] ?? 0) + 1;
  return counts;
}
