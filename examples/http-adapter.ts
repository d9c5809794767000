import type { ServerResponse } from 'node:http';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Environment } from './environment/environment.js';
import type { TrustProxy } from './environment/trust-proxy.js';
import { setSecurityHeaders } from './page/security-headers.js';

/** The part of an answer of Fastify that is needed here. */
interface Reply {
  readonly raw: ServerResponse;
  send(error: Error): unknown;
}

/**
 * The HTTP framework the environment asks for, believing those proxies and no others. Its first act on a request is to set
 * the security headers: middleware of a module comes after the body parser, which answers by itself what it cannot read.
 */
export function httpAdapter({ adapter, trustProxy }: Environment): ExpressAdapter | FastifyAdapter {
  return adapter === 'fastify' ? fastifyAdapter(trustProxy) : expressAdapter(trustProxy);
}

function expressAdapter(trustProxy: TrustProxy): ExpressAdapter {
  const express = new ExpressAdapter();
  express.set('trust proxy', trustProxy);
  express.disable('x-powered-by');
  express.use((_request: unknown, response: ServerResponse, next: () => void) => {
    setSecurityHeaders(response);
    next();
  });
  return express;
}

function fastifyAdapter(trustProxy: TrustProxy): FastifyAdapter {
  const fastify = new FastifyAdapter({
    trustProxy,
    // What is wrong with an address is answered before any hook.
    frameworkErrors: (error: Error, _request: unknown, reply: Pick<Reply, 'raw'>) => {
      setSecurityHeaders(reply.raw);
      (reply as Reply).send(error);
    },
  });
  fastify.getInstance().addHook('onRequest', async (_request, reply) => setSecurityHeaders(reply.raw));
  return fastify;
}
