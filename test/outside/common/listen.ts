import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

/** Starts the app and prints its address. */
export async function listen(module: Type): Promise<void> {
  const app = await NestFactory.create(module, { logger: ['warn', 'error'] });
  app.enableShutdownHooks();
  await app.listen(0, '127.0.0.1');
  console.log(await app.getUrl());
}
