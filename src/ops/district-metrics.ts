// Rosters and incidents: what this server published, the results of the SFTP drop and the nightly sync, and the state
// of all districts. No district is a label, since there are thousands; `sso-bridge district list` and the log name
// them.
import { Counter, Gauge, type Registry } from 'prom-client';
import { type Method, methods } from '../identity/candidate.ts';
import type { Incident } from '../incidents/incident.ts';
import { outcomeCodes } from '../outcome/outcome-codes.ts';
import { type RosterCensus, staleDays } from '../roster/roster-census.ts';
import type { RosterPublisher } from '../roster/roster-publisher.ts';
import type { DropLog } from '../sftp-drop/watch-drop.ts';
import { unset } from './unset.ts';

export interface RosterMetrics {
  /** Wraps the publisher to count its results. */
  watch(publisher: RosterPublisher): RosterPublisher;
  /** Wraps the log to count the drop's events. */
  watchDrop(log: DropLog): DropLog;
  dropChecked(): void;
  synced(result: string): void;
  counted(census: RosterCensus): void;
}

const results = ['published', 'held', 'refused', 'failed', 'approved', 'rolled_back'] as const;
const dropEvents = ['roster-published', 'roster-held', 'roster-refused', 'drop-failed'] as const;

export function createRosterMetrics(registers: Registry[]): RosterMetrics {
  const dropChecked = unset({
    name: 'sso_bridge_drop_last_look_timestamp_seconds',
    help: 'When the SFTP drop was last looked at; absent without SFTP_DROP.',
    registers,
  });
  const syncs = new Counter({
    name: 'sso_bridge_syncs_total',
    help: 'Nightly syncs of districts that this server did, by what became of them.',
    labelNames: ['result'],
    registers,
  });
  for (const result of ['published', 'held', 'refused', 'failed']) syncs.inc({ result }, 0);
  return {
    watch: countPublishes(registers),
    watchDrop: countDrops(registers),
    dropChecked: () => dropChecked.setToCurrentTime(),
    synced: (result) => syncs.inc({ result }),
    counted: createCensusGauges(registers),
  };
}

function countPublishes(registers: Registry[]): RosterMetrics['watch'] {
  const publishes = new Counter({
    name: 'sso_bridge_publishes_total',
    help: 'Rosters that this server was given, by method and what became of them.',
    labelNames: ['method', 'result'],
    registers,
  });
  for (const method of methods) for (const result of results) publishes.inc({ method, result }, 0);

  async function count<Result extends { readonly kind: string }>(
    method: Method,
    nameOf: (result: Result) => string | undefined,
    work: () => Promise<Result>,
  ): Promise<Result> {
    try {
      const done = await work();
      const result = nameOf(done);
      if (result !== undefined) publishes.inc({ method, result });
      return done;
    } catch (failure) {
      publishes.inc({ method, result: 'failed' });
      throw failure;
    }
  }
  const switched = (name: string) => (result: { readonly kind: string }) => (result.kind === 'done' ? name : undefined);

  return (publisher) => ({
    ...publisher,
    publish: (districtId, method, feed, options) =>
      count(
        method,
        ({ kind }) => (options?.dryRun === true || kind === 'checked' ? undefined : kind),
        () => publisher.publish(districtId, method, feed, options),
      ),
    approve: (districtId, method, alongside) =>
      count(method, switched('approved'), () => publisher.approve(districtId, method, alongside)),
    rollback: (districtId, method, alongside) =>
      count(method, switched('rolled_back'), () => publisher.rollback(districtId, method, alongside)),
  });
}

function countDrops(registers: Registry[]): RosterMetrics['watchDrop'] {
  const dropSets = new Counter({
    name: 'sso_bridge_drop_sets_total',
    help: 'Uploads by SFTP that this server worked on; failed: could not be read or copied, tried again.',
    labelNames: ['result'],
    registers,
  });
  for (const event of dropEvents) dropSets.inc({ result: resultOf(event) }, 0);
  const count = (event: string) => {
    if (dropEvents.some((each) => each === event)) dropSets.inc({ result: resultOf(event) });
  };
  return (log) => ({
    ...log,
    info: (event, facts) => {
      count(event);
      log.info(event, facts);
    },
    warn: (event, facts) => {
      count(event);
      log.warn(event, facts);
    },
  });
}

const resultOf = (event: string): string => event.split('-')[1] ?? event;

function createCensusGauges(registers: Registry[]): (census: RosterCensus) => void {
  const districts = new Gauge({ name: 'sso_bridge_districts', help: 'Districts of this bridge.', registers });
  const rosters = new Gauge({
    name: 'sso_bridge_rosters',
    help: 'Rosters that districts should have, by method and state; a held one counts beside the active one.',
    labelNames: ['method', 'state'],
    registers,
  });
  const stale = new Gauge({
    name: 'sso_bridge_rosters_stale',
    help: 'Active rosters published more than so many days ago.',
    labelNames: ['method', 'days'],
    registers,
  });
  const oldest = new Gauge({
    name: 'sso_bridge_rosters_oldest_publish_timestamp_seconds',
    help: 'The active roster that was published longest ago, by method.',
    labelNames: ['method'],
    registers,
  });
  const held = unset({
    name: 'sso_bridge_rosters_held_since_timestamp_seconds',
    help: 'Since when the roster that is held longest waits; absent where none does.',
    registers,
  });
  const overdue = new Gauge({
    name: 'sso_bridge_sync_overdue_districts',
    help: 'Secure Sync districts that Clever has not answered for in 26 hours.',
    registers,
  });
  const lastSync = unset({
    name: 'sso_bridge_sync_last_success_timestamp_seconds',
    help: 'The newest sync that Clever answered, of any district; absent before the first.',
    registers,
  });
  const last = unset({
    name: 'sso_bridge_census_last_success_timestamp_seconds',
    help: 'When the figures of all districts were last counted.',
    registers,
  });
  return (census) => {
    districts.set(census.districts);
    for (const [method, feeds] of census.feeds) {
      for (const state of ['active', 'held', 'missing'] as const) rosters.set({ method, state }, feeds[state]);
      for (const days of staleDays) stale.set({ method, days }, feeds.stale.get(days) ?? 0);
      if (feeds.oldestAt === undefined) oldest.remove({ method });
      else oldest.set({ method }, feeds.oldestAt / 1000);
    }
    if (census.heldSince === undefined) held.remove();
    else held.set(census.heldSince / 1000);
    overdue.set(census.overdueSyncs);
    if (census.lastSyncAt !== undefined) lastSync.set(census.lastSyncAt / 1000);
    last.setToCurrentTime();
  };
}

/** Incidents that keep users out now, by cause. */
export interface IncidentMetrics {
  /** The open incidents of all districts. */
  counted(open: readonly Incident[]): void;
}

/** From this size on, an incident counts as affecting many users. */
const manyPeople = 10;

export function createIncidentMetrics(registers: Registry[]): IncidentMetrics {
  const open = new Gauge({
    name: 'sso_bridge_incidents_open',
    help: 'Open incidents of all districts, by code.',
    labelNames: ['code'],
    aggregator: 'max',
    registers,
  });
  const wide = new Gauge({
    name: 'sso_bridge_incidents_wide',
    help: 'Those of them that keep ten people or more out now, by code.',
    labelNames: ['code'],
    aggregator: 'max',
    registers,
  });
  const people = new Gauge({
    name: 'sso_bridge_incident_people',
    help: 'Users that the open incidents keep out now, by code.',
    labelNames: ['code'],
    aggregator: 'max',
    registers,
  });
  const counted = (incidents: readonly Incident[]) => {
    for (const code of Object.keys(outcomeCodes)) {
      const own = incidents.filter(({ cause }) => cause.code === code);
      open.set({ code }, own.length);
      wide.set({ code }, own.filter(({ peopleOpen }) => peopleOpen >= manyPeople).length);
      people.set(
        { code },
        own.reduce((sum, { peopleOpen }) => sum + peopleOpen, 0),
      );
    }
  };
  counted([]);
  return { counted };
}
