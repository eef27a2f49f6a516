// The classes of requests and responses that a server of ours makes. Owns one fact about Express and no behaviour.
import { IncomingMessage, type ServerOptions, ServerResponse } from 'node:http';
import type { Express } from 'express';

/**
 * Options of `createServer` for an app of Express. Express gives each request and response a new prototype, which makes
 * the engine forget what it knew about the object: more than half of the time of a small answer. Made of that very
 * prototype, they are left as they are.
 */
export function messageClassesOf(app: Express): Pick<ServerOptions, 'IncomingMessage' | 'ServerResponse'> {
  class BridgeRequest extends IncomingMessage {}
  class BridgeResponse<Of extends IncomingMessage = IncomingMessage> extends ServerResponse<Of> {}
  const { request, response } = app;
  Object.assign(app, {
    request: Object.setPrototypeOf(BridgeRequest.prototype, request),
    response: Object.setPrototypeOf(BridgeResponse.prototype, response),
  });
  return { IncomingMessage: BridgeRequest, ServerResponse: BridgeResponse };
}
