// How a product checks a session: offline, with the verifier for Node products. Only for the name
// it calls the bridge, which also reports at once that a session has ended.
import * as z from 'zod';
import { createVerifier, type RequestHeaders, verifyRequest } from '../../src/verifier/verifier.ts';

export interface SessionFacts {
  readonly role: string;
  readonly district: string;
  /** Undefined when the bridge could not be asked; the token is good all the same. */
  readonly name?: string;
}

export type SessionCheck =
  | { readonly kind: 'signed-in'; readonly facts: SessionFacts }
  | { readonly kind: 'none' }
  /** The token is good, but the session has ended. */
  | { readonly kind: 'ended' };

export interface CheckOptions {
  readonly bridgeUrl: string;
  readonly issuer: string;
  readonly audience: string;
  /** Of scope product: with it the product reads the list of ended sessions and verifies offline. */
  readonly credential?: { readonly id: string; readonly secret: string };
}

export interface CheckSession {
  check(headers: RequestHeaders): Promise<SessionCheck>;
  close(): void;
}

const sessionShape = z.object({
  active: z.literal(true),
  account: z.object({ role: z.string(), given_name: z.string(), family_name: z.string() }),
});

const askTimeoutMs = 10_000;

export function createSessionCheck({ bridgeUrl, issuer, audience, credential }: CheckOptions): CheckSession {
  const verifier = createVerifier({
    issuer,
    audience,
    jwksUri: new URL('/.well-known/jwks.json', bridgeUrl).href,
    ...(credential === undefined
      ? {}
      : {
          revocations: { url: new URL('/session/revocations', bridgeUrl).href, ...credential, intervalSeconds: 1 },
        }),
  });
  return {
    async check(headers) {
      const result = await verifyRequest(verifier, headers);
      if (result.kind === 'refused') return { kind: result.code === 'session_ended' ? 'ended' : 'none' };
      return withName(result.claims, await askBridge(bridgeUrl, result.token));
    },
    close: verifier.close,
  };
}

type Asked = { readonly status: number; readonly body: unknown } | undefined;

async function askBridge(bridgeUrl: string, token: string): Promise<Asked> {
  try {
    const answer = await fetch(new URL('/session', bridgeUrl), {
      headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
      signal: AbortSignal.timeout(askTimeoutMs),
    });
    return { status: answer.status, body: await answer.json().catch(() => undefined) };
  } catch {
    return undefined;
  }
}

function withName({ role, district }: Pick<SessionFacts, 'role' | 'district'>, asked: Asked): SessionCheck {
  if (asked?.status === 401) return { kind: 'ended' };
  const session = sessionShape.safeParse(asked?.body);
  if (!session.success) return { kind: 'signed-in', facts: { role, district } };
  const { account } = session.data;
  return {
    kind: 'signed-in',
    facts: { role: account.role, district, name: `${account.given_name} ${account.family_name}`.trim() },
  };
}
