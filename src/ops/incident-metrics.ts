// Incidents that keep users out now, by cause. No district is named.
import { Gauge, type Registry } from 'prom-client';
import type { Incident } from '../incidents/incident.ts';
import { outcomeCodes } from '../outcome/outcome-codes.ts';

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
