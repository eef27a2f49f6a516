// The faults that can be switched on in the stand-in Clever. Holds the active ones and counts down those that are `once`;
// faults.ts applies them to the answers of routes, signing.ts to the id_token.
import * as z from 'zod';

const endpoints = ['discovery', 'jwks', 'authorize', 'token', 'userinfo', 'api'] as const;
export type Endpoint = (typeof endpoints)[number];

const forgeries = [
  'wrong-nonce',
  'wrong-audience',
  'wrong-issuer',
  'bad-signature',
  'expired',
  'alg-none',
  'hs256-with-public-key',
  'missing',
] as const;
export type Forgery = (typeof forgeries)[number];

const on = z.array(z.enum(endpoints)).min(1);
const once = z.boolean().optional();

const switchesShape = z.strictObject({
  /** Waits so many milliseconds before answering; everywhere unless `on` says where. */
  slow: z.strictObject({ ms: z.number().int().nonnegative(), on: on.optional(), once }).optional(),
  /** Answers with this status (503) and Clever's JSON error. */
  fail: z.strictObject({ on, status: z.number().int().min(400).max(599).default(503), once }).optional(),
  /** Answers 200 with a page. */
  html: z.strictObject({ on, once }).optional(),
  /** Closes the connection without an answer. */
  drop: z.strictObject({ on, once }).optional(),
  /** Answers 200 with endless JSON (30 MB). */
  huge: z
    .strictObject({
      on,
      bytes: z
        .number()
        .int()
        .positive()
        .default(30 * 1024 * 1024),
      once,
    })
    .optional(),
  /** What a district token meets at the Data API. */
  dataApi: z
    .strictObject({
      /** Clever has stopped every district. */
      state: z.enum(['paused', 'pending', 'error']).optional(),
      /** Lists are of last night by default, so that a person's own record may be newer. */
      lists: z.enum(['last-night', 'now']).optional(),
      /** 1,200 in 60 seconds by default, as at Clever. */
      rate: z.strictObject({ requests: z.number().int().positive(), seconds: z.number().int().positive() }).optional(),
      /** When rate headers come: with every answer as seen in 2015 (default), `limited` as Clever's pages promise, or never. */
      rateHeaders: z.enum(['always', 'limited', 'never']).optional(),
      /** District tokens reach district addresses only, as those of the sign-in app do at any time. */
      noRights: z.boolean().optional(),
      /** District tokens reach no courses and terms. */
      noCourses: z.boolean().optional(),
      /** What a token without the right gets: 404 (default), 403, or 404 as bare text or as a page. */
      refusal: z.enum(['404', '403', 'text', 'html']).optional(),
      /** From the so-manieth page on (1 is the next one) the district's tokens are others, once. */
      rotateAtPage: z.number().int().positive().optional(),
      /** The so-manieth page breaks off in the middle, once. */
      cutPage: z.number().int().positive().optional(),
      /** From the so-manieth page on every one is 503, or an HTML page with status 200. */
      failFromPage: z.number().int().positive().optional(),
      htmlFromPage: z.number().int().positive().optional(),
      /** Every `next` leads to the first page. */
      loop: z.boolean().optional(),
      /** Milliseconds before the answer to a record read by id. */
      slowRecordMs: z.number().int().nonnegative().optional(),
    })
    .optional(),
  /** Lays members over the metadata (`issuer`, `id_token_signing_alg_values_supported`, …); null takes one away. */
  metadata: z.record(z.string(), z.unknown()).optional(),
  /** The key set is empty, or has its key twice. */
  keys: z.enum(['none', 'twice']).optional(),
  /**
   * How the token endpoint refuses a code, whatever code it is: in Clever's words with 400 (`clever`, or `message` for its
   * other form), as a page with 401 (`html`), or in OAuth's words with 200 (`ok`).
   */
  tokenError: z.strictObject({ as: z.enum(['clever', 'message', 'html', 'ok']), once }).optional(),
  /** The token endpoint answers 401 invalid_client. */
  invalidClient: z.strictObject({ once }).optional(),
  /** Forges the id_token, or lays `claims` over its own; null takes a claim away. */
  idToken: z
    .strictObject({ forge: z.enum(forgeries).optional(), claims: z.record(z.string(), z.unknown()).optional(), once })
    .optional(),
});

/** The body of `PUT /sandbox/switches`: everything that is to be on. `{}` turns all off. */
export type SwitchSettings = z.input<typeof switchesShape>;
type Settings = z.output<typeof switchesShape>;
export type SwitchName = keyof Settings;

export interface Switches {
  /** Replaces all. @throws ZodError on anything unknown */
  set(settings: SwitchSettings): void;
  clear(): void;
  current(): Settings;
  /** The switch if it is on for the endpoint; one that is `once` is off afterwards. */
  take<N extends SwitchName>(name: N, endpoint?: Endpoint): Settings[N] | undefined;
  /** A new signing key with a new kid; the old one leaves the JWKS at once. */
  rotateKey(): Promise<void>;
}

export function createSwitches(rotateKey: () => Promise<void>): Switches {
  let settings: Settings = {};
  return {
    set: (next) => {
      settings = switchesShape.parse(next);
    },
    clear: () => {
      settings = {};
    },
    current: () => settings,
    take: (name, endpoint) => {
      const found = settings[name];
      if (found === undefined || !isOnFor(Object(found), endpoint)) return undefined;
      if (typeof found === 'object' && 'once' in found && found.once) settings = { ...settings, [name]: undefined };
      return found;
    },
    rotateKey,
  };
}

function isOnFor(found: { readonly on?: readonly Endpoint[] | undefined } | object, endpoint?: Endpoint): boolean {
  if (endpoint === undefined || !('on' in found) || found.on === undefined) return true;
  return found.on.includes(endpoint);
}
