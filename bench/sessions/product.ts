// What the main product and a browser ask of the bridges in a fault run. Every answer may fail to come: then it is
// undefined, never a guess.
import { Agent } from 'undici';

export interface Product {
  /** 200 was answered: the ending is acknowledged. */
  revoke(at: number, token: string): Promise<boolean>;
  logOut(at: number, token: string): Promise<boolean>;
  endAccount(at: number, district: string, accountId: string): Promise<boolean>;
  /** Undefined when there is no answer, or one that does not say. */
  isActive(at: number, token: string): Promise<boolean | undefined>;
  /** Ids of all endings in the list for offline checkers, in order. */
  readEndings(at: number): Promise<ReadonlySet<string>>;
  close(): Promise<void>;
}

export interface ProductOptions {
  readonly bridges: readonly string[];
  /** Authorization of a credential of the scope product, and of admin. */
  readonly product: string;
  readonly admin: string;
}

const answerMs = 60_000;

export function createProduct({ bridges, product, admin }: ProductOptions): Product {
  const agent = new Agent({ connections: 64, pipelining: 1 });

  async function ask(at: number, method: 'GET' | 'POST', path: string, headers: Record<string, string>, body?: string) {
    try {
      const answer = await agent.request({
        origin: bridges[at] ?? '',
        path,
        method,
        headers,
        body: body ?? null,
        signal: AbortSignal.timeout(answerMs),
      });
      return { status: answer.statusCode, text: await answer.body.text() };
    } catch {
      return { status: 0, text: '' };
    }
  }

  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const ofToken = (token: string) => new URLSearchParams({ token }).toString();

  return {
    async revoke(at, token) {
      const { status } = await ask(at, 'POST', '/oauth/revoke', { ...form, authorization: product }, ofToken(token));
      return status === 200;
    },
    async logOut(at, token) {
      const headers = { ...form, cookie: `summit_session=${token}`, 'sec-fetch-site': 'same-origin' };
      return (await ask(at, 'POST', '/logout', headers)).status === 303;
    },
    async endAccount(at, district, account) {
      const headers = { 'content-type': 'application/json', authorization: admin };
      const body = JSON.stringify({ account, reason: 'a fault run' });
      return (await ask(at, 'POST', `/districts/${district}/sessions/end`, headers, body)).status === 200;
    },
    async isActive(at, token) {
      const headers = { ...form, authorization: product };
      const { status, text } = await ask(at, 'POST', '/oauth/introspect', headers, ofToken(token));
      return status === 200 ? Object(JSON.parse(text)).active === true : undefined;
    },
    async readEndings(at) {
      const ids = new Set<string>();
      for (let cursor = ''; ; ) {
        const { text } = await ask(at, 'GET', `/session/revocations?after=${cursor}`, { authorization: product });
        const page = Object(JSON.parse(text));
        if (page.revocations.length === 0) return ids;
        for (const { id } of page.revocations) ids.add(id);
        cursor = page.cursor;
      }
    },
    close: () => agent.destroy(),
  };
}
