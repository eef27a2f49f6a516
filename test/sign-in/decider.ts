// The decision over a test's services, and the claims that Clever would send.
import { createDecideSignIn, type DecisionNeeds } from '../../src/sign-in/decide-sign-in.ts';
import type { Opening } from '../../src/sign-in/open-session.ts';
import type { Claims } from '../../src/sign-in/ports.ts';
import { sessionTtlSeconds, type TestServices } from '../helpers/services.ts';

export const juniper = {
  id: 'juniper-flats',
  cleverId: 'e397c1571758a8688d55e572',
  name: 'Juniper Flats Unified',
  rostering: ['sftp', 'manual'],
} as const;
export const wexley = {
  id: 'port-wexley',
  cleverId: 'aaaac1571758a8688d55e572',
  name: 'Port Wexley Schools',
  rostering: ['secure-sync:full'],
} as const;

export function createDecider(services: TestServices, change: Partial<DecisionNeeds> = {}) {
  return createDecideSignIn({
    ...services,
    findDistrict: services.districts.findByCleverId,
    sessionTtlSeconds,
    readRecords: async () => [],
    refreshPerson: async () => false,
    ...change,
  });
}

export const opening: Opening = {
  openedBy: 'blinded-state',
  returnTo: 'http://localhost:4000/',
  deadline: Number.POSITIVE_INFINITY,
  announce: async () => undefined,
  resume: (step) => step(),
};

/** The claims of student s0 of Juniper Flats, or of whom the change makes of them. */
export const claimsOf = (change: Record<string, unknown> = {}): Claims => ({
  sub: 'clever-of-s0',
  district: juniper.cleverId,
  user_type: 'student',
  email: 'student.s0@juniper.example',
  given_name: 'Givens0',
  family_name: 'Familys0',
  ...change,
});
