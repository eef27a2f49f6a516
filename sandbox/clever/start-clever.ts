// A stand-in Clever on one port of this machine: portal, OpenID Connect and the Data API together (Clever has the API on
// a host of its own). Needs no network and keeps everything in memory.
import express, { type RequestHandler } from 'express';
import type Provider from 'oidc-provider';
import { type Certificate, close, openServer } from '../listen.ts';
import { acceptClientPost } from './client-post.ts';
import { createDataApi } from './data-api.ts';
import { listsOfPeople } from './data-listing.ts';
import { createDataLists } from './data-lists.ts';
import { syncClassmates, syncDistricts, syncPeople } from './data-people.ts';
import { createDataTokens } from './data-tokens.ts';
import { demoDistricts } from './districts.ts';
import { createFaults } from './faults.ts';
import { handRosteredPeople, marlValley } from './hand-rostered-people.ts';
import { type DataShape, districtOfShape, listsOfShape } from './made-data-district.ts';
import { oneRosterPeople, quartzRidge } from './oneroster-people.ts';
import { renderNotice } from './pages.tsx';
import { demoPeople } from './people.ts';
import type { App, District, Person } from './person.ts';
import { authorizeAsClever, createPortal } from './portal.ts';
import { createProvider } from './provider.ts';
import type { AppSettings } from './provider-parts.ts';
import { createSessions } from './session.ts';
import { createSigning } from './signing.ts';
import { createSwitches, type Switches } from './switches.ts';

export interface CleverOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** With it the stand-in speaks https. */
  readonly certificate?: Certificate | undefined;
  readonly apps: Readonly<Partial<Record<App, AppSettings>>>;
  /** The demo's people and districts by default. */
  readonly people?: readonly Person[];
  readonly districts?: readonly District[];
  /** One more district, of any size, at the Data API only; its people are not in the portal. */
  readonly dataDistrict?: DataShape;
  /** Milliseconds since the epoch; codes and the times in an id_token use it. */
  readonly clock?: () => number;
}

export interface Clever {
  readonly url: string;
  /** Equals `url`. */
  readonly issuer: string;
  readonly switches: Switches;
  /** Adds a person, or replaces the one with this id; seen by the next request. */
  setPerson(person: Person): void;
  /** Gives `dataDistrict` another shape, as after a night of changes. */
  setDataDistrict(shape: DataShape): void;
  close(): Promise<void>;
}

/** @throws Error when the port is taken */
export async function startClever(options: CleverOptions): Promise<Clever> {
  const { server, url } = await openServer(options.port, options.certificate);
  const closing = new AbortController();
  const clever = await assemble(url, options, closing.signal);
  server.on('request', clever.app);
  return {
    url,
    issuer: url,
    switches: clever.switches,
    setPerson: clever.setPerson,
    setDataDistrict: clever.setDataDistrict,
    close: () => {
      closing.abort();
      return close(server);
    },
  };
}

async function assemble(issuer: string, options: CleverOptions, closing: AbortSignal) {
  // A list: the parts of the stand-in in the order in which they see a request.
  const allPeople = options.people ?? [
    ...demoPeople,
    ...syncPeople,
    ...syncClassmates,
    ...oneRosterPeople,
    ...handRosteredPeople,
  ];
  const people = new Map(allPeople.map((person) => [person.id, person]));
  const findPerson = (idOrKey: string) => people.get(idOrKey) ?? [...people.values()].find(hasKey(idOrKey));
  const districts = options.districts ?? [...demoDistricts, ...syncDistricts, quartzRidge, marlValley];
  let dataDistrict = options.dataDistrict;
  const signing = await createSigning();
  const switches = createSwitches(signing.rotateKey);
  const provider = createProvider({
    issuer,
    apps: options.apps,
    findPerson: (id) => people.get(id),
    signing,
    switches,
    clock: options.clock ?? Date.now,
    renderError: renderNotice,
  });
  const portal = {
    apps: options.apps,
    districts,
    people: () => [...people.values()],
    findPerson,
    sessions: createSessions(provider),
    authorize: provider.callback(),
  };
  const app = express();
  app.disable('x-powered-by');
  app.use(switchRoutes(switches));
  app.use(createFaults(switches, closing));
  const tokens = createDataTokens({
    apps: options.apps,
    districts: () => [...districts, ...(dataDistrict ? [districtOfShape(dataDistrict)] : [])],
  });
  app.get('/oauth/tokens', tokens.list);
  app.post('/oauth/tokens', ...acceptClientPost(provider.callback()));
  app.use(
    createDataLists({
      tokens,
      switches,
      closing,
      listsOf: (district, asOf) =>
        dataDistrict && districtOfShape(dataDistrict).id === district.id
          ? listsOfShape(dataDistrict)
          : listsOfPeople(district, [...people.values()], asOf),
    }),
  );
  app.use(createDataApi({ districts, personOfToken: (token) => personOfToken(provider, token, people) }));
  app.use(createPortal(portal));
  app.get('/oauth/authorize', authorizeAsClever(portal));
  app.use(provider.callback());
  return {
    app,
    switches,
    setPerson: (person: Person) => void people.set(person.id, person),
    setDataDistrict: (shape: DataShape) => {
      dataDistrict = shape;
    },
  };
}

function hasKey(key: string): (person: Person) => boolean {
  return (person) => 'key' in person && person.key === key;
}

async function personOfToken(
  provider: Provider,
  token: string,
  people: ReadonlyMap<string, Person>,
): Promise<Person | undefined> {
  const found = await provider.AccessToken.find(token);
  return people.get(found?.accountId ?? '');
}

/** `GET` returns the active switches; `PUT` replaces them, `{"rotateKey": true}` beside the switches changes the signing key. */
function switchRoutes(switches: Switches): RequestHandler {
  const router = express.Router();
  router.get('/sandbox/switches', (_req, res) => void res.json(switches.current()));
  router.put('/sandbox/switches', express.json(), async (req, res) => {
    const { rotateKey, ...settings } = req.body ?? {};
    try {
      switches.set(settings);
    } catch {
      res.status(400).json({ message: 'unknown switch or value' });
      return;
    }
    if (rotateKey === true) await switches.rotateKey();
    res.json(switches.current());
  });
  return router;
}
