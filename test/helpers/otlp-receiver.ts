// A collector as a test needs one: takes spans over OTLP/HTTP in JSON (OTLP specification, "OTLP/HTTP"), and can be slow.
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  /** 1 is internal, 2 a server's, 3 a client's. */
  readonly kind: number;
  readonly isError: boolean;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly resource: Readonly<Record<string, unknown>>;
}

export interface OtlpReceiver {
  readonly url: string;
  readonly spans: readonly ReceivedSpan[];
  readonly requests: readonly { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: Buffer }[];
  close(): Promise<void>;
}

/** @param answers `silent`: takes each request and never answers */
export async function startOtlpReceiver(answers: 'all' | 'silent' = 'all'): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const requests: OtlpReceiver['requests'][number][] = [];
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    const body = Buffer.concat(pieces);
    requests.push({ path: String(request.url), headers: request.headers, body });
    if (answers === 'silent') return;
    if (request.headers['content-type'] === 'application/json') spans.push(...readSpans(body));
    response.setHeader('content-type', String(request.headers['content-type'])).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

const factsOf = (pairs: readonly KeyValue[] = []): Record<string, unknown> =>
  Object.fromEntries(pairs.map(({ key, value }) => [key, Object.values(value)[0]]));

function readSpans(body: Buffer): ReceivedSpan[] {
  const { resourceSpans = [] } = JSON.parse(body.toString());
  const found: ReceivedSpan[] = [];
  for (const { resource, scopeSpans } of resourceSpans)
    for (const { spans } of scopeSpans)
      for (const { name, traceId, spanId, parentSpanId, kind, status, attributes } of spans)
        found.push({
          name,
          traceId,
          spanId,
          kind,
          facts: factsOf(attributes),
          resource: factsOf(resource.attributes),
          parentSpanId: parentSpanId || undefined,
          isError: status?.code === 2,
        });
  return found;
}
