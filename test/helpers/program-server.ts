// The routes for programs over a store of a test, listening on loopback, with a credential of each scope.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createProgramRoutes } from '../../src/compose/programs.ts';
import { createApp } from '../../src/http/app.ts';
import type { AccessRefused } from '../../src/http/kit/authenticate.ts';
import { createBodyDeadline } from '../../src/http/kit/read-body.ts';
import type { UploadPlace } from '../../src/http/roster/receive-upload.ts';
import { type DataApi, DataApiFailure } from '../../src/secure-sync/ports.ts';
import type { Scope } from '../../src/session/credentials.ts';
import { type Store, StoreUnavailable } from '../../src/store/store.ts';
import { expectOpenApi } from './expect-openapi.ts';
import { audience, createServices, issuer, type TestServices } from './services.ts';

export interface Programs {
  readonly services: TestServices;
  readonly url: string;
  /** The failures logged so far. */
  readonly failures: readonly unknown[];
  /** What the log would say of refused access. */
  readonly refused: readonly AccessRefused[];
  readonly headers: Readonly<Record<Scope, { readonly authorization: string }>>;
  readonly ids: Readonly<Record<Scope, string>>;
  /** Every answer is compared with openapi.yaml. */
  ask(method: string, path: string, init?: RequestInit): Promise<Answer>;
  stop(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
  /** Of NDJSON. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];
}

export const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});
export const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });

/** Of no district. */
export const noDataApi: Pick<DataApi, 'connect'> = {
  connect() {
    throw new DataApiFailure('no-token');
  },
};

/** @param dataApi refuses every district if not given */
export async function startPrograms(
  store: Store,
  uploads?: UploadPlace,
  dataApi: Pick<DataApi, 'connect'> = noDataApi,
): Promise<Programs> {
  const services = await createServices(store);
  const failures: unknown[] = [];
  const refused: AccessRefused[] = [];
  const onFailure = (failure: unknown) => void failures.push(failure);
  const bodyDeadline = createBodyDeadline();
  const { tokenRoutes, rareRoutes } = createProgramRoutes(services.subjects, {
    tokens: services.tokens,
    findLiveSession: services.findLiveSession,
    issuer,
    audience,
    bodyDeadline,
    dataApi,
    onFailure,
    onRefused: (one) => void refused.push(one),
    ...(uploads === undefined ? {} : { uploads }),
  });
  const app = createApp({
    routers: [tokenRoutes],
    rareRouters: rareRoutes,
    bodyDeadline: bodyDeadline.start,
    https: false,
    onFailure,
    isStoreSilent: (failure) => failure instanceof StoreUnavailable,
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [product, support, admin] = await Promise.all(
    (['product', 'support', 'admin'] as const).map((scope) => services.credentials.create(scope, `test ${scope}`)),
  );
  if (!product || !support || !admin) throw new Error('no credentials');
  return {
    services,
    url,
    failures,
    refused,
    headers: {
      product: basic(product.credential.id, product.secret),
      support: bearer(support.secret),
      admin: bearer(admin.secret),
    },
    ids: { product: product.credential.id, support: support.credential.id, admin: admin.credential.id },
    async ask(method, path, init = {}) {
      const answer = await fetch(`${url}${path}`, { method, ...init });
      const text = await answer.text();
      expectOpenApi(method, path, { status: answer.status, headers: answer.headers, body: text });
      const isJson =
        /json/.test(answer.headers.get('content-type') ?? '') &&
        !/ndjson/.test(answer.headers.get('content-type') ?? '');
      return {
        status: answer.status,
        headers: answer.headers,
        text,
        json: isJson && text !== '' ? JSON.parse(text) : {},
        lines: isJson ? [] : text.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : [])),
      };
    },
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
