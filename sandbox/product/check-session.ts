// How a product checks a session token by itself: signature by the bridge's JWKS, type, issuer, audience, life. Whether
// the session was ended meanwhile only the bridge can tell; this asks it for the name anyway.
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { z } from 'zod';

export interface SessionFacts {
  readonly role: string;
  readonly district: string;
  /** Undefined when the bridge could not be asked; the token is good all the same. */
  readonly name?: string;
}

export type SessionCheck =
  | { readonly kind: 'signed-in'; readonly facts: SessionFacts }
  | { readonly kind: 'none' }
  /** The token is good, but the bridge says the session has ended. */
  | { readonly kind: 'ended' };

export interface CheckOptions {
  readonly bridgeUrl: string;
  readonly issuer: string;
  readonly audience: string;
}

const tokenShape = z.object({ sub: z.string(), role: z.string(), district: z.string() });
const sessionShape = z.object({
  active: z.literal(true),
  account: z.object({ role: z.string(), given_name: z.string(), family_name: z.string() }),
});

const askTimeoutMs = 2_000;

/** RFC 8725: explicit type, one algorithm, issuer and audience always compared. */
export function createSessionCheck(options: CheckOptions): (token: string | undefined) => Promise<SessionCheck> {
  const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', options.bridgeUrl));
  const expected = {
    issuer: options.issuer,
    audience: options.audience,
    typ: 'session+jwt',
    algorithms: ['ES256'],
    requiredClaims: ['exp', 'iat', 'sub', 'sid'],
  };
  return async (token) => {
    if (token === undefined) return { kind: 'none' };
    const verified = await jwtVerify(token, keys, expected).catch(() => undefined);
    const claims = tokenShape.safeParse(verified?.payload);
    if (!claims.success) return { kind: 'none' };
    return withName(claims.data, await askBridge(options.bridgeUrl, token));
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

function withName({ role, district }: z.output<typeof tokenShape>, asked: Asked): SessionCheck {
  if (asked?.status === 401) return { kind: 'ended' };
  const session = sessionShape.safeParse(asked?.body);
  if (!session.success) return { kind: 'signed-in', facts: { role, district } };
  const { account } = session.data;
  return {
    kind: 'signed-in',
    facts: { role: account.role, district, name: `${account.given_name} ${account.family_name}`.trim() },
  };
}
