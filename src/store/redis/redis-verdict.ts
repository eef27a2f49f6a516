// Finds what makes a Redis server unsuitable for the bridge, from what the server reports. Pure; redis-checks.ts
// collects the facts.

export type RedisProblem =
  | 'eviction'
  | 'version_too_old'
  | 'read_only'
  | 'persistence_off'
  | 'persistence_weak'
  | 'write_failing'
  | 'cluster_not_ok'
  | 'not_checked';

export interface RedisFinding {
  readonly problem: RedisProblem;
  /** For the operator: what the server reports, and what to set. */
  readonly detail: string;
}

export interface RedisFacts {
  /** The fields of INFO; undefined if not permitted. */
  readonly info: ReadonlyMap<string, string> | undefined;
  /** CONFIG GET; undefined if not permitted, as with most managed servers. */
  readonly save: string | undefined;
  readonly appendfsync: string | undefined;
  /** cluster_state of CLUSTER INFO; undefined outside a cluster. */
  readonly clusterState: string | undefined;
  /** Keys are written here; false for a replica. */
  readonly isMaster: boolean;
}

/** The oldest Redis with every command in use: GETDEL, XTRIM MINID. Every Valkey has them. */
const oldest = [6, 2] as const;

export function judgeRedis(facts: RedisFacts): RedisFinding[] {
  if (facts.info === undefined)
    return [{ problem: 'not_checked', detail: 'INFO is not allowed: version, eviction and persistence are not known' }];
  const { info } = facts;
  return [
    ...judgeVersion(info),
    ...judgeEviction(info),
    ...judgePersistence(info, facts),
    ...judgeRole(info, facts),
    ...finding(
      facts.clusterState !== undefined && facts.clusterState !== 'ok',
      'cluster_not_ok',
      'cluster_state is not ok: no server serves some slots',
    ),
  ];
}

const finding = (holds: boolean, problem: RedisProblem, detail: string): RedisFinding[] =>
  holds ? [{ problem, detail }] : [];

function judgeVersion(info: ReadonlyMap<string, string>): RedisFinding[] {
  // Valkey reports the Redis version that it is compatible with in redis_version, and its own in another field.
  const version = info.get('redis_version') ?? '';
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined || minor === undefined)
    return [{ problem: 'not_checked', detail: 'the server reports no version; Redis 6.2 or Valkey is needed' }];
  const isOld = Number(major) < oldest[0] || (Number(major) === oldest[0] && Number(minor) < oldest[1]);
  return finding(isOld, 'version_too_old', `Redis ${major}.${minor} lacks commands that are used; the oldest is 6.2`);
}

function judgeEviction(info: ReadonlyMap<string, string>): RedisFinding[] {
  const policy = info.get('maxmemory_policy');
  if (policy === undefined)
    return [{ problem: 'not_checked', detail: 'the server reports no maxmemory-policy; it must be noeviction' }];
  // Also without maxmemory: it can be set at any time, and a managed server has a limit that it does not report.
  const name = /^[a-z-]{1,40}$/.test(policy) ? policy : 'unknown';
  return finding(
    policy !== 'noeviction',
    'eviction',
    `maxmemory-policy is ${name}: rosters, links and sessions would vanish when memory is short; set noeviction`,
  );
}

function judgePersistence(info: ReadonlyMap<string, string>, { save, appendfsync }: RedisFacts): RedisFinding[] {
  const isFailing = ['rdb_last_bgsave_status', 'aof_last_write_status'].some((name) => info.get(name) === 'err');
  const failing = finding(isFailing, 'write_failing', 'the last write to disk failed: look at its disk and log');
  const appendOnly = info.get('aof_enabled');
  if (appendOnly === '1')
    return [
      ...failing,
      ...finding(
        appendfsync === 'no',
        'persistence_weak',
        'appendfsync is no: a crash of the machine loses up to half a minute; set everysec or always',
      ),
    ];
  if (appendOnly === undefined || save === undefined)
    return [
      ...failing,
      {
        problem: 'not_checked',
        detail: 'no append-only file, and whether it saves cannot be asked: without either a restart loses everything',
      },
    ];
  return [
    ...failing,
    save === ''
      ? {
          problem: 'persistence_off',
          detail: 'neither appendonly nor save is set: a restart loses rosters, links and the root key of everything',
        }
      : {
          problem: 'persistence_weak',
          detail: 'appendonly is no: a restart loses what was acknowledged since the last save; set appendonly yes',
        },
  ];
}

function judgeRole(info: ReadonlyMap<string, string>, { isMaster }: RedisFacts): RedisFinding[] {
  return finding(
    isMaster && info.get('role') === 'slave',
    'read_only',
    'this is a replica, which takes no writes: name the master, or use redis+sentinel:',
  );
}
