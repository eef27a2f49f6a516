// All that changes what is published of a district, as the rest of the bridge sees it. Each verb has its own room.
import type { Method } from '../identity/candidate.ts';
import { type AlongsideSwitch, approveHeld, rollBack, type SwitchResult } from './activate-kept.ts';
import type { PublishingNeeds } from './aftermath.ts';
import type { AccountRow, BatchedFeed, Feed } from './feed.ts';
import { type PublishOptions, type PublishResult, publish } from './publish.ts';
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
  /** Makes the held generation active. @param alongside is written in the commit that switches */
  approve(districtId: string, method: Method, alongside?: AlongsideSwitch): Promise<SwitchResult>;
  /** Makes the generation before the active one active again; it can be done once. */
  rollback(districtId: string, method: Method, alongside?: AlongsideSwitch): Promise<SwitchResult>;
  /** Brings one person of the active generation up to date, as an event would; false if nothing is active. */
  refreshPerson(districtId: string, method: Method, row: AccountRow): Promise<boolean>;
  /** Does what a crash left undone after a switch. Called by every publish; a server calls it at start. */
  finish(districtId: string): Promise<void>;
}

export interface RosterPublisherNeeds extends Omit<PublishingNeeds, 'register' | 'clock'> {
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
}

export function createRosterPublisher({ clock = Date.now, ...given }: RosterPublisherNeeds): RosterPublisher {
  const { store, vault, standings } = given;
  const needs = { ...given, clock, register: createTableRegister({ store, vault, standings, clock }) };
  return {
    publish: (districtId, method, feed, options = {}) => publish(needs, districtId, method, feed, options),
    approve: (districtId, method, alongside) => approveHeld(needs, districtId, method, alongside),
    rollback: (districtId, method, alongside) => rollBack(needs, districtId, method, alongside),
    refreshPerson: (districtId, method, row) => refreshPerson(needs, districtId, method, row),
    finish: (districtId) => finishSwitch(needs, districtId),
  };
}
