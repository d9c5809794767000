import type { Provider } from '@nestjs/common';
import { APP_FILTER, ModulesContainer } from '@nestjs/core';
import { AppWideFilter } from '../http/app-wide.filter.js';
import { AuthExceptionFilter } from '../http/auth-exception.filter.js';
import { JwtSessionGuard } from '../http/jwt-session.guard.js';
import { LoginForm } from '../http/login-form.js';
import { Refusals } from '../http/refusals.js';
import { RouteRules } from '../http/route-rules.js';
import { EventStreams } from '../http/stream/event-streams.js';
import { SessionTransport } from '../http/transport/session-transport.js';
import { isAlone } from './neighbours.js';

/** The HTTP side: guard, filter, and what the controllers need. */
export const http: Provider[] = [
  Refusals,
  RouteRules,
  LoginForm,
  SessionTransport,
  EventStreams,
  JwtSessionGuard,
  { provide: APP_FILTER, inject: [Refusals, ModulesContainer], useFactory: filterOf },
];

/** Beside others, nobody knows which module an error in a route of the app comes from. */
function filterOf(refusals: Refusals, modules: ModulesContainer): AuthExceptionFilter {
  return isAlone(modules) ? new AuthExceptionFilter(refusals) : new AppWideFilter(refusals);
}
