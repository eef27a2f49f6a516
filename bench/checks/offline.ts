// How many tokens a product verifies offline in a second: the bridge's verifier, with and without the list of ended
// sessions, compared with jose alone with the same options. Reads {keys, issuer, audience, tokens, rounds, checks} as JSON from
// standard input, writes the rounds as JSON to standard output. A process of its own, so that it can have a core.
import { text } from 'node:stream/consumers';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { createVerifier } from '../../src/verifier/verifier.ts';
import { sideBySide } from '../drive-sign-ins.ts';

export interface OfflineRound {
  readonly name: string;
  readonly perSecond: number;
  readonly cpuMicros: number;
}

const { keys, issuer, audience, tokens, rounds, checks } = Object(JSON.parse(await text(process.stdin)));
const concurrency = 16;

const known = createLocalJWKSet(keys);
const expected = { issuer, audience, typ: 'session+jwt', algorithms: ['ES256'] };
/** Answers as the bridge does, without a network. */
const ask: typeof fetch = async (input) =>
  String(input).includes('revocations') ? Response.json({ cursor: 'a', revocations: [] }) : Response.json(keys);
const alone = createVerifier({ issuer, audience, fetch: ask });
const following = createVerifier({ issuer, audience, fetch: ask, revocations: { id: 'product', secret: 'secret' } });

const verifyBy = (verifier: typeof alone) => async (token: string) => {
  const { kind } = await verifier.verifySession(token);
  if (kind !== 'verified') throw new Error('a good token was refused');
};
const contestants: Readonly<Record<string, (token: string) => Promise<void>>> = {
  'jose alone (jwtVerify)': async (token) => void (await jwtVerify(token, known, expected)),
  verifySession: verifyBy(alone),
  'verifySession, with the list of what ended': verifyBy(following),
};

async function measure(name: string, check: (token: string) => Promise<void>): Promise<OfflineRound> {
  const turns = Array.from({ length: checks }, (_, turn) => String(tokens[turn % tokens.length]));
  const [cpu, startedAt] = [process.cpuUsage(), performance.now()];
  await sideBySide(turns, concurrency, check);
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { name, perSecond: checks / seconds, cpuMicros: (user + system) / checks };
}

const measured: OfflineRound[] = [];
for (let round = -1; round < rounds; round += 1) {
  for (const [name, check] of Object.entries(contestants)) {
    const one = await measure(name, check);
    // The first is to warm up.
    if (round >= 0) measured.push(one);
  }
}
for (const verifier of [alone, following]) verifier.close();
process.stdout.write(JSON.stringify(measured));
