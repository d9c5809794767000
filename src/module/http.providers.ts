import type { Provider } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { AuthExceptionFilter } from '../http/auth-exception.filter.js';
import { JwtSessionGuard } from '../http/jwt-session.guard.js';
import { LoginForm } from '../http/login-form.js';
import { Refusals } from '../http/refusals.js';
import { RouteRules } from '../http/route-rules.js';
import { EventStreams } from '../http/stream/event-streams.js';
import { SessionTransport } from '../http/transport/session-transport.js';

/** The HTTP side: guard, filter, and what the controllers need. */
export const http: Provider[] = [
  Refusals,
  RouteRules,
  LoginForm,
  SessionTransport,
  EventStreams,
  JwtSessionGuard,
  { provide: APP_FILTER, useClass: AuthExceptionFilter },
];
