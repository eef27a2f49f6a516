// A stand-in for the main product: one page that trusts nothing but a session token it has checked itself.
import { createServer } from 'node:http';
import express from 'express';
import { close, listen } from '../listen.ts';
import { createSessionCheck } from './check-session.ts';
import { renderProduct } from './product-page.tsx';

export interface ProductOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  readonly bridgeUrl: string;
  /** What `aud` must be; the product's own address by default. */
  readonly audience?: string;
  /** What `iss` must be; `bridgeUrl` by default. */
  readonly issuer?: string;
  /** Of scope product: with it the product reads the list of ended sessions. */
  readonly credential?: { readonly id: string; readonly secret: string };
}

export interface Product {
  readonly url: string;
  close(): Promise<void>;
}

/** @throws Error when the port is taken */
export async function startProduct(options: ProductOptions): Promise<Product> {
  const server = createServer();
  const url = `http://localhost:${await listen(server, options.port ?? 0)}`;
  const session = createSessionCheck({
    bridgeUrl: options.bridgeUrl,
    issuer: options.issuer ?? options.bridgeUrl,
    audience: options.audience ?? url,
    ...(options.credential === undefined ? {} : { credential: options.credential }),
  });
  const app = express();
  app.disable('x-powered-by');
  app.get('/', async (req, res) => {
    const found = await session.check(req.headers);
    res
      .status(found.kind === 'signed-in' ? 200 : 401)
      .set('Cache-Control', 'no-store')
      .send(renderProduct(found, options.bridgeUrl));
  });
  server.on('request', app);
  return {
    url,
    close: () => {
      session.close();
      return close(server);
    },
  };
}
