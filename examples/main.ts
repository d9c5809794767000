import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
import { Environment } from './environment/environment.js';
import { httpAdapter } from './http-adapter.js';
import { greeting, refusal } from './words.js';

async function start(): Promise<void> {
  const environment = new Environment(process.env);
  const app = await NestFactory.create(AppModule.in(environment), httpAdapter(environment), {
    logger: ['fatal', 'error', 'warn'],
    // Whoever mistyped a variable gets a sentence from below, and not a stack trace above it.
    abortOnError: false,
    bufferLogs: true,
    autoFlushLogs: false,
  });
  app.enableShutdownHooks();
  await app.listen(environment.port, environment.host);
  app.flushLogs();
  console.log(greeting(environment, await app.getUrl()));
}

start().catch((error: unknown) => {
  console.error(refusal(error));
  // Databases may be open already, and would keep a process that serves nobody.
  process.exit(1);
});
