// The districts of the demo, as Clever knows them. Which of them the bridge is linked to is said by the demo, not here.
import { cleverIdOf, type District } from './person.ts';

/** Linked, roster published; header spelling `School_id`, bare CR line ends. */
export const juniperFlats: District = {
  id: cleverIdOf('district/juniper-flats'),
  slug: 'juniper-flats',
  name: 'Juniper Flats Unified School District',
  apps: ['summit-k12'],
};

/** Linked, roster published; header spelling `School id`, CRLF line ends. */
export const portWexley: District = {
  id: cleverIdOf('district/port-wexley'),
  slug: 'port-wexley',
  name: 'Port Wexley Public Schools',
  apps: ['summit-k12', 'secure-sync'],
};

/** Linked, but has never published a roster. */
export const alderCreek: District = {
  id: cleverIdOf('district/alder-creek'),
  slug: 'alder-creek',
  name: 'Alder Creek Academy',
  apps: ['summit-k12'],
};

/** The bridge has never heard of it. */
export const harborPoint: District = {
  id: cleverIdOf('district/harbor-point'),
  slug: 'harbor-point',
  name: 'Harbor Point Schools',
  apps: ['summit-k12'],
};

export const demoDistricts: readonly District[] = [juniperFlats, portWexley, alderCreek, harborPoint];
