// A browser played quickly: keeps cookies as a browser does on one host, follows redirects by hand, and remembers what
// it was given. Knows nothing of the bridge.
import { parseSetCookie, type SetCookie } from 'cookie';

export interface Answer {
  /** Of the last request. */
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  /** Where it leads and was not followed to. */
  readonly location: URL | undefined;
  /** Every address that was asked, in order. */
  readonly hops: readonly URL[];
}

export interface Visit {
  readonly method?: string;
  /** Accept; a page by default. */
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Follows redirects until one leads to such an address. By default to the end. */
  readonly stopBefore?: (url: URL) => boolean;
}

export interface Client {
  open(address: string | URL, visit?: Visit): Promise<Answer>;
  /** Asks once and follows nothing. */
  once(address: string | URL, visit?: Visit): Promise<Answer>;
  cookie(name: string): string | undefined;
  cookieNames(): string[];
  setCookie(name: string, value: string): void;
  forgetCookies(): void;
  /** Another browser with the same cookies. */
  clone(): Client;
}

export interface ClientOptions {
  /** Takes no cookie. */
  readonly blocksCookies?: boolean;
  readonly seeAnswer?: (answer: Answer, method: string) => void;
  readonly cookies?: ReadonlyMap<string, string>;
}

export const problemAccept = 'application/problem+json';

export function createClient(options: ClientOptions = {}): Client {
  // All stand-ins are on localhost with Path=/, and ports do not part cookies (RFC 6265 section 8.5).
  const jar = new Map(options.cookies);

  async function once(address: string | URL, visit: Visit = {}): Promise<Answer> {
    const { method = 'GET', accept = 'text/html,*/*;q=0.1', headers = {}, body = null } = visit;
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const own = cookie === '' ? {} : { cookie };
    const response = await fetch(address, {
      method,
      body,
      redirect: 'manual',
      headers: { accept, ...own, ...headers },
    });
    if (!options.blocksCookies) response.headers.getSetCookie().forEach(keep);
    const location = response.headers.get('location');
    const url = new URL(address);
    const answer = {
      url,
      status: response.status,
      headers: response.headers,
      body: await response.text(),
      location: location === null ? undefined : new URL(location, url),
      hops: [url],
    };
    options.seeAnswer?.(answer, method);
    return answer;
  }

  function keep(line: string): void {
    const { name, value = '', maxAge, expires } = readSetCookie(line);
    const isOver = (maxAge !== undefined && maxAge <= 0) || (expires !== undefined && expires.getTime() <= Date.now());
    if (isOver) jar.delete(name);
    else jar.set(name, value);
  }

  async function open(address: string | URL, visit: Visit = {}): Promise<Answer> {
    const { stopBefore = () => false } = visit;
    let answer = await once(address, visit);
    const hops = [...answer.hops];
    while (answer.location !== undefined && !stopBefore(answer.location)) {
      if (hops.length > 12) throw new Error(`redirected for ever: ${hops.join(' ')}`);
      const { method: _method, body: _body, ...followed } = visit;
      answer = await once(answer.location, followed);
      hops.push(...answer.hops);
    }
    return { ...answer, hops };
  }

  return {
    open,
    once,
    cookie: (name) => jar.get(name),
    cookieNames: () => [...jar.keys()],
    setCookie: (name, value) => void jar.set(name, value),
    forgetCookies: () => jar.clear(),
    clone: () => createClient({ ...options, cookies: jar }),
  };
}

export const readSetCookie = (line: string): SetCookie => parseSetCookie(line, { decode: (value) => value });

export function bodyOf(answer: Pick<Answer, 'body'>): Readonly<Record<string, unknown>> {
  return Object(JSON.parse(answer.body));
}
