// A fast stand-in for Clever's side of a sign-in, for loads, fault runs and measurements: OpenID Connect without a portal
// and without pages, over node:http, its faults by the sandbox's switches. sandbox/clever is the one that behaves like
// Clever in everything else.
import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { createFaults } from '../sandbox/clever/faults.ts';
import { claimsOf } from '../sandbox/clever/records.ts';
import { createSigning } from '../sandbox/clever/signing.ts';
import { createSwitches, type Switches, type SwitchSettings } from '../sandbox/clever/switches.ts';
import { close, listen } from '../sandbox/listen.ts';
import { personOf, readStudent, type Student } from './students.ts';

export interface StubOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Takes the client's secret in the form too, as passport-openidconnect sends it and Clever refuses it. */
  readonly takesSecretInForm?: boolean;
}

export interface StubClever {
  /** Also the issuer. */
  readonly url: string;
  readonly switches: Switches;
  /** Requests to the token endpoint so far. */
  tokenRequests(): number;
  close(): Promise<void>;
}

/** What was asked for with a code; good for one exchange within a minute. */
interface Asked {
  readonly student: Student;
  readonly query: URLSearchParams;
  readonly at: number;
  /** Signed while the person is on the way back, so that an exchange that is measured costs the stub next to nothing. */
  readonly idToken: Promise<string | undefined>;
  /** The key it is signed with. */
  readonly key: unknown;
}

const codeLifeMs = 60_000;

export async function startStubClever(options: StubOptions): Promise<StubClever> {
  // Long by the routes of a stand-in over what it has issued; each is short.
  const { port = 0, clientId, clientSecret, takesSecretInForm = false } = options;
  const signing = await createSigning();
  const switches = createSwitches(signing.rotateKey);
  const closing = new AbortController();
  const faults = createFaults(switches, closing.signal);
  const codes = new Map<string, Asked>();
  let tokenRequests = 0;

  /** Signs in the student of the parameter `student` at once, as a session at Clever does. */
  function authorize(query: URLSearchParams, res: ServerResponse) {
    const student = readStudent(query.get('student') ?? '');
    const back = query.get('redirect_uri') ?? '';
    if (student === undefined || !URL.canParse(back) || query.get('client_id') !== clientId) {
      return sendJson(res, 400, { error: 'invalid_request' });
    }
    forgetOldCodes();
    const code = randomBytes(16).toString('hex');
    const [key] = signing.jwks().keys;
    codes.set(code, { student, query, at: Date.now(), idToken: signFor(student, query), key });
    const location = `${back}?${new URLSearchParams({ code, state: query.get('state') ?? '' })}`;
    return res.writeHead(302, { Location: location }).end();
  }

  function forgetOldCodes(): void {
    for (const [code, { at }] of codes) {
      if (Date.now() - at < codeLifeMs) return;
      codes.delete(code);
    }
  }

  async function redeem(req: IncomingMessage, res: ServerResponse) {
    tokenRequests += 1;
    const form = new URLSearchParams(await text(req));
    if (!isClient(req, form)) return sendJson(res, 401, { error: 'invalid_client' });
    const code = form.get('code') ?? '';
    const asked = codes.get(code);
    codes.delete(code);
    if (asked === undefined || !isAnswerTo(asked, form)) return sendJson(res, 400, { error: 'invalid_grant' });
    const fault = switches.take('idToken');
    const isSignedRight = fault === undefined && asked.key === signing.jwks().keys[0];
    const idToken = await (isSignedRight ? asked.idToken : signFor(asked.student, asked.query, fault));
    const access = { access_token: randomBytes(16).toString('hex'), token_type: 'bearer', expires_in: 86_400 };
    return sendJson(res, 200, { ...access, ...(idToken === undefined ? {} : { id_token: idToken }) });
  }

  function signFor(student: Student, query: URLSearchParams, fault?: SwitchSettings['idToken']) {
    const token = {
      issuer: url,
      audience: clientId,
      nonce: query.get('nonce') ?? undefined,
      nowSeconds: Math.floor(Date.now() / 1000),
      claims: claimsOf(personOf(student)),
      laidOver: fault?.claims,
    };
    return signing.signIdToken(token, fault?.forge);
  }

  /** Id and secret come form-encoded (RFC 6749 section 2.3.1). */
  function isClient({ headers: { authorization = '' } }: IncomingMessage, form: URLSearchParams): boolean {
    if (takesSecretInForm && form.get('client_id') === clientId && form.get('client_secret') === clientSecret)
      return true;
    const pair = Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString();
    const plain = pair.split(':').map((part) => decodeURIComponent(part.replaceAll('+', ' ')));
    return plain.join(':') === `${clientId}:${clientSecret}`;
  }

  /** RFC 6749 section 4.1.3 and RFC 7636 section 4.6. */
  function isAnswerTo({ query, at }: Asked, form: URLSearchParams): boolean {
    const verifier = createHash('sha256').update(form.get('code_verifier') ?? '');
    return (
      form.get('grant_type') === 'authorization_code' &&
      form.get('redirect_uri') === query.get('redirect_uri') &&
      (!query.has('code_challenge') || verifier.digest('base64url') === query.get('code_challenge')) &&
      Date.now() - at < codeLifeMs
    );
  }

  async function route(req: IncomingMessage, res: ServerResponse) {
    const { pathname, searchParams } = new URL(req.url ?? '', url);
    switch (`${req.method} ${pathname}`) {
      case 'GET /oauth/authorize':
        return authorize(searchParams, res);
      case 'POST /oauth/tokens':
        return redeem(req, res);
      case 'GET /.well-known/openid-configuration':
        return sendJson(res, 200, metadataOf(url));
      case 'GET /oauth/certs':
        return sendJson(res, 200, signing.jwks());
      case 'PUT /sandbox/switches':
        return turn(req, res);
      default:
        return sendJson(res, 404, { message: 'not here' });
    }
  }

  /** The sandbox's switches, and `rotateKey`, and `refuseMs`: no connection is taken for so long. */
  async function turn(req: IncomingMessage, res: ServerResponse) {
    const { rotateKey, refuseMs = 0, ...settings } = Object(JSON.parse(await text(req)));
    try {
      switches.set(settings);
    } catch {
      return sendJson(res, 400, { message: 'unknown switch or value' });
    }
    if (rotateKey === true) await switches.rotateKey();
    res.once('finish', () => refuseMs > 0 && setImmediate(() => void refuseFor(Number(refuseMs))));
    return sendJson(res, 200, switches.current());
  }

  async function refuseFor(ms: number): Promise<void> {
    await close(server);
    setTimeout(() => {
      if (!closing.signal.aborted) server.listen(taken, 'localhost');
    }, ms).unref();
  }

  const server = createServer((req, res) => {
    const broken = () => void res.destroy();
    faults(req, res, () => void route(req, res).catch(broken)).catch(broken);
  });
  const taken = await listen(server, port);
  const url = `http://localhost:${taken}`;
  return {
    url,
    switches,
    tokenRequests: () => tokenRequests,
    close: () => {
      closing.abort();
      return close(server);
    },
  };
}

function sendJson(res: ServerResponse, status: number, body: object): ServerResponse {
  const text = JSON.stringify(body);
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) };
  return res.writeHead(status, headers).end(text);
}

const metadataOf = (issuer: string) => ({
  issuer,
  authorization_endpoint: `${issuer}/oauth/authorize`,
  token_endpoint: `${issuer}/oauth/tokens`,
  jwks_uri: `${issuer}/oauth/certs`,
  response_types_supported: ['code'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
  token_endpoint_auth_methods_supported: ['client_secret_basic'],
  code_challenge_methods_supported: ['S256'],
});
