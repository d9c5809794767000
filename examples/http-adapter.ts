import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Environment } from './environment/environment.js';

/** The HTTP framework the environment asks for, believing those proxies and no others. */
export function httpAdapter({ adapter, trustProxy }: Environment): ExpressAdapter | FastifyAdapter {
  if (adapter === 'fastify') return new FastifyAdapter({ trustProxy });
  const express = new ExpressAdapter();
  express.set('trust proxy', trustProxy);
  return express;
}
