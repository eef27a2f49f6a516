// Determines the servers that receive writes to some partitions, and whether these same servers had them replicated at
// the end: for a single Redis, one behind Sentinel, and a Cluster.
import { Cluster, Command, type Redis } from 'ioredis';
import type { ReplicaState } from '../store.ts';
import { countLosses, createReplicaWait, type ReplicaWait } from './redis-replica.ts';

/** A connection as it was before the writes. */
interface Place {
  readonly node: Redis;
  readonly losses: number;
  /** A key on the server. */
  readonly key: string;
}

export interface ReplicaWaits {
  /** As `Store.replicaWait`. @param keys one of each partition that is written to */
  replicaWait(keys: readonly string[]): () => Promise<ReplicaState>;
  close(): void;
}

/** @param patienceMs how long to repeat the question while no replica has the writes */
export function createReplicaWaits(
  client: Redis | Cluster,
  answer: <Value>(send: () => Promise<Value>) => Promise<Value>,
  patienceMs: number,
): ReplicaWaits {
  const waits = new Map<Redis, ReplicaWait>();

  function waitAt(node: Redis): ReplicaWait {
    const known = waits.get(node);
    if (known !== undefined) return known;
    const wait = createReplicaWait(node, answer);
    waits.set(node, wait);
    node.once('end', () => {
      wait.close();
      waits.delete(node);
    });
    return wait;
  }

  /** Undefined if the cluster does not say which server holds the key. */
  function placeOf(key: string): Place | undefined {
    const node = client instanceof Cluster ? ownerOf(client, key) : client;
    return node && { node, losses: countLosses(node), key };
  }

  const isUnchanged = ({ node, losses, key }: Place) => {
    const now = placeOf(key);
    return now?.node === node && now.losses === losses;
  };

  async function waitAtAll(places: readonly (Place | undefined)[]): Promise<ReplicaState> {
    const until = performance.now() + patienceMs;
    for (;;) {
      const replicaState = await check(places);
      if (replicaState !== 'late' || performance.now() > until) return replicaState;
    }
  }

  async function check(places: readonly (Place | undefined)[]): Promise<ReplicaState> {
    const known = places.filter((place) => place !== undefined);
    const byNode = new Map(known.map((place) => [place.node, place]));
    const answers = await Promise.all([...byNode.values()].map(({ node, key }) => waitAt(node).wait(key)));
    // Checked last: writes over a connection that is gone may be lost, whatever the server there answers now.
    if (known.length < places.length || !known.every(isUnchanged)) return 'moved';
    const worst = (['moved', 'late', 'not_known', 'copied'] as const).find((one) => answers.includes(one));
    return worst ?? 'no_replica';
  }

  return {
    replicaWait(keys) {
      const places = keys.map(placeOf);
      return () => waitAtAll(places);
    },
    close() {
      for (const wait of waits.values()) wait.close();
    },
  };
}

function ownerOf(cluster: Cluster, key: string): Redis | undefined {
  const address = cluster.slots[new Command('get', [key]).getSlot()]?.[0];
  return cluster.nodes('master').find(({ options }) => `${options.host}:${options.port}` === address);
}
