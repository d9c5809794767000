import 'reflect-metadata';
import { openApp } from './open-app.js';

openApp().catch((error: Error) => console.log(error.message));
