// What several surfaces of one server share: each is built once.
import type { Config } from '../config/config.ts';
import { createAdmission } from '../http/kit/admission.ts';
import type { AccessRefused } from '../http/kit/authenticate.ts';
import { createCookies } from '../http/kit/cookies.ts';
import { createBodyDeadline } from '../http/kit/read-body.ts';
import { createLimiter, type Rule } from '../limits/limiter.ts';
import { createLimitedLog, type Log } from '../ops/log.ts';
import type { Metrics } from '../ops/metrics.ts';
import { createFindLiveSession } from '../session/live-session.ts';
import { createSessionTokens } from '../session/session-token.ts';
import type { Vault } from '../store/vault.ts';
import { createServerSync } from './secure-sync.ts';
import type { Services } from './services.ts';
import { createFormToken } from './sign-in.ts';

interface ServerPartsNeeds {
  readonly config: Config;
  readonly log: Log;
  readonly metrics: Metrics;
}

export type ServerParts = ReturnType<typeof createServerParts>;

export function createServerParts(services: Services, { config, log, metrics }: ServerPartsNeeds) {
  const { vault, clock } = services.storage;
  const tokens = createSessionTokens(services.sessions.keys, {
    issuer: config.PUBLIC_URL.origin,
    audience: config.SESSION_AUDIENCE,
    clock,
  });
  const { registry } = services.sessions;
  const { rosters, directory } = services.rosters;
  return {
    config,
    log,
    metrics,
    tokens,
    findLiveSession: createFindLiveSession({ tokens, registry, rosters, directory }),
    sync: createServerSync(services, config, log, metrics.rosters.synced),
    limiter: createServerLimiter(vault, log),
    cookies: createServerCookies(config),
    formToken: createFormToken(vault),
    bodyDeadline: createBodyDeadline(),
    admission: createServerAdmission(log, metrics),
    onRefused: createAccessReport(log),
  };
}

export const isHttps = ({ PUBLIC_URL }: Pick<Config, 'PUBLIC_URL'>): boolean => PUBLIC_URL.protocol === 'https:';

const createServerLimiter = (vault: Vault, log: Log) =>
  createLimiter({
    blind: (rule, key) => vault.blind('limit', rule, key),
    onLimited: createLimitedLog<Rule>((rule, count) => log.warn('rate-limited', { rule, count })),
  });

const createServerCookies = (config: Config) =>
  createCookies({
    secure: isHttps(config),
    sessionDomain: config.SESSION_COOKIE_DOMAIN,
    host: config.PUBLIC_URL.hostname,
    namesBrowsers: config.LIMITS === 'on',
  });

const createServerAdmission = (log: Log, metrics: Metrics) =>
  createAdmission({
    onOverload: metrics.turnedAway,
    onChange: (state) => (state === 'overloaded' ? log.warn(state) : log.info(state)),
  });

const createAccessReport = (log: Log) =>
  createLimitedLog<AccessRefused>((refused, count) => log.warn('access-refused', { ...refused, count }), {
    nameOf: (refused) => Object.values(refused).join(' '),
  });
