// One login at any contestant in three steps that are measured separately: the start, the authentication
// by Clever's stub, the callback.
import { Agent, type Dispatcher } from 'undici';
import { type Student, spellStudent } from '../students.ts';

type Headers = Dispatcher.ResponseData['headers'];

/** A browser in the middle of a login. */
export interface Begun {
  readonly cookies: Map<string, string>;
  readonly authorizeUrl: URL;
}

export interface Vouched {
  readonly cookies: Map<string, string>;
  readonly callbackUrl: URL;
}

export interface Player {
  start(url: string): Promise<Begun>;
  vouch(begun: Begun, student: Student): Promise<Vouched>;
  /** The status, and where it leads. */
  callback(vouched: Vouched): Promise<{ readonly status: number; readonly location: string }>;
  /** Where the browser with these cookies is led. */
  follow(url: URL, cookies: ReadonlyMap<string, string>): Promise<string>;
  /** What a program is answered: a POST where there is a form. @throws Error for another status than 200 */
  askJson(
    url: URL,
    headers: Readonly<Record<string, string>>,
    form?: Readonly<Record<string, string>>,
  ): Promise<Readonly<Record<string, unknown>>>;
  /** Whether the browser with these cookies is signed in at `url`. */
  isSignedIn(url: string, cookies: ReadonlyMap<string, string>): Promise<boolean>;
  close(): Promise<void>;
}

export function createPlayer(connections: number): Player {
  const agent = new Agent({ connections, pipelining: 1, keepAliveTimeout: 30_000 });

  async function ask(url: URL, cookies: Map<string, string>): Promise<{ status: number; location: string }> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const { statusCode, headers, body } = await agent.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: 'GET',
      headers: { accept: 'text/html', ...(cookie === '' ? {} : { cookie }) },
    });
    await body.dump();
    keep(cookies, headers);
    return { status: statusCode, location: String(headers['location'] ?? '') };
  }

  return {
    async start(url) {
      const cookies = new Map<string, string>();
      const { status, location } = await ask(new URL(url), cookies);
      if (status !== 302 && status !== 303) throw new Error(`a start answered ${status}`);
      return { cookies, authorizeUrl: new URL(location) };
    },
    async vouch({ cookies, authorizeUrl }, student) {
      authorizeUrl.searchParams.set('student', spellStudent(student));
      const { status, location } = await ask(authorizeUrl, new Map());
      if (status !== 302) throw new Error(`the stub of Clever answered ${status}`);
      return { cookies, callbackUrl: new URL(location) };
    },
    callback: ({ cookies, callbackUrl }) => ask(callbackUrl, cookies),
    follow: async (url, cookies) => (await ask(url, new Map(cookies))).location,
    async askJson(url, headers, form) {
      const { statusCode, body } = await agent.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: form === undefined ? 'GET' : 'POST',
        headers: { ...headers, ...(form && { 'content-type': 'application/x-www-form-urlencoded' }) },
        body: form === undefined ? null : `${new URLSearchParams(form)}`,
      });
      const answer = await body.text();
      if (statusCode !== 200) throw new Error(`${url.pathname} answered ${statusCode}`);
      return Object(JSON.parse(answer));
    },
    isSignedIn: async (url, cookies) => (await ask(new URL(url), new Map(cookies))).status === 200,
    close: () => agent.close(),
  };
}

function keep(cookies: Map<string, string>, { 'set-cookie': lines = [] }: Headers): void {
  for (const line of [lines].flat()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === '') cookies.delete(name);
    else cookies.set(name, value);
  }
}
