// The HTTP server of an app, with common limits.
import type { Server } from 'node:http';
import type { Express } from 'express';
import { connectionBounds, createBoundedServer, type OnConnectionCut } from './bounded-server.ts';
import { messageClassesOf } from './message-classes.ts';

/**
 * A slow or silent client is disconnected, within Node's checking interval: body-deadline.ts before ten minutes, except
 * for rosters. An idle connection stays open longer than common proxies keep theirs (60 s), so that none sends its next
 * request on a closing connection.
 */
const connectionLimits = {
  requestTimeout: 600_000,
  keepAliveTimeout: 75_000,
  headersTimeout: 15_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 32_768,
} as const;

/** Does not listen yet. @param onCut called for each connection that was cut off, with the reason */
export const createAppServer = (app: Express, onCut: OnConnectionCut): Server =>
  createBoundedServer({ ...messageClassesOf(app), ...connectionLimits }, app, connectionBounds, onCut);
