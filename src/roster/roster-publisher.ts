// All operations that change the published roster of a district. Each operation has its own file.

import type { AccountRow, BatchedFeed, Feed } from '../formats/feed.ts';
import type { Method } from '../identity/candidate.ts';
import { inWork } from '../trace/request-context.ts';
import {
  type AlongsideSwitch,
  approveHeld,
  compareKept,
  type KeptComparison,
  rollBack,
  type SwitchResult,
} from './activate-kept.ts';
import { compareRemoval, type Removal } from './compare-removal.ts';
import { type PublishOptions, type PublishResult, publish } from './publish.ts';
import type { PublishingNeeds } from './publishing-needs.ts';
import { refreshPerson } from './refresh-person.ts';
import { finishSwitch } from './switch-generation.ts';
import { createTableRegister } from './table-register.ts';

export interface RosterPublisher {
  publish(
    districtId: string,
    method: Method,
    feed: Feed | BatchedFeed,
    options?: PublishOptions,
  ): Promise<PublishResult>;
  /**
   * Makes the held generation active.
   * @param alongside is written in the commit of the switch
   * @param only the generation that was reviewed; refused if another would become active
   */
  approve(districtId: string, method: Method, alongside?: AlongsideSwitch, only?: string): Promise<SwitchResult>;
  /** Makes the generation before the active one active again; possible once. */
  rollback(districtId: string, method: Method, alongside?: AlongsideSwitch, only?: string): Promise<SwitchResult>;
  /** Updates one user of the active generation, as an event would; false if nothing is active. */
  refreshPerson(districtId: string, method: Method, row: AccountRow): Promise<boolean>;
  /** Previews an approval or a rollback. Changes nothing. */
  compareKept(districtId: string, method: Method, verb: 'approve' | 'rollback'): Promise<KeptComparison | undefined>;
  /** What would leave with the feeds of all other methods. Changes nothing. */
  compareRemoval(districtId: string, methods: readonly Method[]): Promise<Removal>;
  /**
   * Finishes what a crash interrupted after a switch, and retires the feeds of removed methods. Every publish calls it;
   * a server calls it at start and after every change of a district.
   * @param by who removed a method just now, as in the audit log
   */
  finish(districtId: string, by?: string): Promise<void>;
}

interface RosterPublisherNeeds extends Omit<PublishingNeeds, 'register' | 'clock'> {
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
}

export function createRosterPublisher({ clock = Date.now, ...given }: RosterPublisherNeeds): RosterPublisher {
  const { store, vault, rosters } = given;
  const needs = { ...given, clock, register: createTableRegister({ store, vault, rosters, clock }) };
  return {
    publish: (districtId, method, feed, options = {}) =>
      inWork('roster publish', async (note) => {
        const result = await publish(needs, districtId, method, feed, options);
        note({ 'sso_bridge.method': method, 'sso_bridge.outcome': 'code' in result ? result.code : result.kind });
        return result;
      }),
    approve: (districtId, method, alongside, only) => approveHeld(needs, districtId, method, alongside, only),
    rollback: (districtId, method, alongside, only) => rollBack(needs, districtId, method, alongside, only),
    refreshPerson: (districtId, method, row) => refreshPerson(needs, districtId, method, row),
    compareKept: (districtId, method, verb) => compareKept(needs, districtId, method, verb),
    compareRemoval: (districtId, methods) => compareRemoval(needs, districtId, methods),
    finish: (districtId, by) => finishSwitch(needs, districtId, by),
  };
}
