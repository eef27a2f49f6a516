// The classes of the requests and responses of a server. A performance workaround for Express without behaviour of its
// own.
import { IncomingMessage, type ServerOptions, ServerResponse } from 'node:http';
import type { Express } from 'express';

/**
 * Options of `createServer` for an app of Express. Express sets the prototype of each request and response, which
 * deoptimizes the object: more than half of the time of a small response. Objects created with that prototype are left
 * unchanged.
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
