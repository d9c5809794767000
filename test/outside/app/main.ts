import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { appModule } from './app.module.js';

const app = await NestFactory.create(appModule(), { logger: ['warn', 'error'] });
app.enableShutdownHooks();
await app.listen(0, '127.0.0.1');
console.log(await app.getUrl());
