// What a contestant lets in that it must not: one forged login of each kind, and a look whether it was signed in.
import type { Forgery } from '../../sandbox/clever/switches.ts';
import type { StubProcess } from '../stub-process.ts';
import type { Contestant } from './contestants.ts';
import type { Player } from './play.ts';

export const forgeries = [
  'bad-signature',
  'alg-none',
  'hs256-with-public-key',
  'wrong-nonce',
  'wrong-audience',
  'wrong-issuer',
  'expired',
] as const satisfies readonly Forgery[];

export type Refusals = Readonly<Record<(typeof forgeries)[number] | 'foreign-state' | 'genuine', boolean>>;

const student = { district: 'bench', number: 0 };

/** True if the login opened a session: correct for `genuine` only. */
export async function tryForgeries(
  { startPath, mePath }: Contestant,
  { origin, clever, player }: { readonly origin: string; readonly clever: StubProcess; readonly player: Player },
): Promise<Refusals> {
  const begin = async () => player.vouch(await player.start(origin + startPath), student);
  const end = async (vouched: Awaited<ReturnType<typeof begin>>) => {
    await player.callback(vouched);
    return player.isSignedIn(origin + mePath, vouched.cookies);
  };
  const forged: [string, boolean][] = [];
  for (const forge of forgeries) {
    await clever.turn({ idToken: { forge } });
    forged.push([forge, await end(await begin())]);
  }
  await clever.turn({});
  const [own, other] = [await begin(), await begin()];
  const isForeignTaken = await end({ ...own, callbackUrl: other.callbackUrl });
  const isGenuineTaken = await end(await begin());
  const answers: Record<string, boolean> = Object.fromEntries(forged);
  const of = (forge: (typeof forgeries)[number]) => answers[forge] ?? true;
  return {
    'bad-signature': of('bad-signature'),
    'alg-none': of('alg-none'),
    'hs256-with-public-key': of('hs256-with-public-key'),
    'wrong-nonce': of('wrong-nonce'),
    'wrong-audience': of('wrong-audience'),
    'wrong-issuer': of('wrong-issuer'),
    expired: of('expired'),
    'foreign-state': isForeignTaken,
    genuine: isGenuineTaken,
  };
}
