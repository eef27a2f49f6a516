// The Redis engine on a Cluster of three masters and behind a Sentinel.

import { describeStore } from '../../conformance/describe-store.ts';
import { openRedisHarness } from '../../helpers/redis-harness.ts';
import { startRedisCluster, startRedisSentinel } from '../../helpers/redis-topology.ts';

describeStore('redis store on a cluster', async () => openRedisHarness(await startRedisCluster()), {
  bulkRows: 10_000,
});
describeStore('redis store behind a sentinel', async () => openRedisHarness(await startRedisSentinel()), {
  bulkRows: 10_000,
});
