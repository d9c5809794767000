import 'reflect-metadata';
import { listen } from '../common/listen.js';
import { appModule } from './app.module.js';

void listen(appModule());
