// All metrics for Prometheus: docs/metrics.md lists their names. The files beside this one declare the counters and
// gauges of each area; labels are from closed sets, never an id of a user or a district.
import { AggregatorRegistry, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { SignInEvent } from '../sign-in/sign-in-event.ts';
import {
  type CleverMetrics,
  createCleverMetrics,
  createHttpMetrics,
  createStoreMetrics,
  type HttpMetrics,
  type StoreMetrics,
} from './call-metrics.ts';
import {
  createIncidentMetrics,
  createRosterMetrics,
  type IncidentMetrics,
  type RosterMetrics,
} from './district-metrics.ts';
import {
  createOidcMetrics,
  createSessionMetrics,
  createSignInMetrics,
  type OidcMetrics,
  type SessionMetrics,
  type SignInMetrics,
} from './sign-in-metrics.ts';

export interface Metrics {
  signIn(event: SignInEvent): void;
  /** Whether a failed sign-in could be recorded for support. */
  readonly attempt: SignInMetrics['attempt'];
  /** A sign-in was refused because this server is overloaded. */
  readonly turnedAway: SignInMetrics['turnedAway'];
  readonly clever: CleverMetrics;
  readonly store: StoreMetrics;
  readonly rosters: RosterMetrics;
  readonly sessions: SessionMetrics;
  readonly incidents: IncidentMetrics;
  readonly oidc: OidcMetrics;
  readonly http: HttpMetrics;
  readonly contentType: string;
  /** The exposition; pings the store. */
  text(): Promise<string>;
  /** The same as data, to be aggregated with other processes. */
  json(): Promise<readonly object[]>;
}

/** @param version of the bridge, from package.json */
export function createMetrics(version = 'unknown'): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'sso_bridge_build_info',
    help: 'Always 1; the version of the bridge is its label.',
    labelNames: ['version'],
    aggregator: 'first',
    registers,
  }).set({ version }, 1);
  const signIns = createSignInMetrics(registers);
  return {
    signIn: signIns.signIn,
    attempt: signIns.attempt,
    turnedAway: signIns.turnedAway,
    clever: createCleverMetrics(registers),
    store: createStoreMetrics(registers),
    rosters: createRosterMetrics(registers),
    sessions: createSessionMetrics(registers),
    incidents: createIncidentMetrics(registers),
    oidc: createOidcMetrics(registers),
    http: createHttpMetrics(registers),
    contentType: registry.contentType,
    text: () => registry.metrics(),
    json: () => registry.getMetricsAsJSON(),
  };
}

export const metricsType = Registry.PROMETHEUS_CONTENT_TYPE;

/**
 * The exposition of several processes: each metric by its `aggregator`.
 * @param each the `json` of each process
 */
export const addUpMetrics = (each: readonly (readonly object[])[]): Promise<string> =>
  AggregatorRegistry.aggregate([...each]).metrics();
