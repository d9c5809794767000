import type { Provider } from '@nestjs/common';
import { AuthService } from '../auth/auth.service.js';
import { Clock } from '../clock.js';
import { RevocationMetrics } from '../copies/revocation-metrics.js';
import { SessionEvents } from '../events/session-events.js';
import { JwtSessionGuard } from '../http/jwt-session.guard.js';
import { Refusals } from '../http/refusals.js';
import { RouteRules } from '../http/route-rules.js';
import { SessionTransport } from '../http/transport/session-transport.js';
import { LiveSessions } from '../live/live-sessions.js';
import { SignInSteps } from '../second-factor/sign-in-steps.js';
import { SessionRegistry } from '../sessions/session-registry.js';
import { auth } from './auth.providers.js';
import { COPYING, copies } from './copies.providers.js';
import { foundation } from './foundation.providers.js';
import { http } from './http.providers.js';
import { type Layer, LAYERS } from './layers.js';
import { live } from './live.providers.js';
import { media } from './media.providers.js';
import { DENYING, revocation } from './revocation.providers.js';
import { secondFactor } from './second-factor.providers.js';
import { sessions } from './sessions.providers.js';
import { SUSPECTING, suspicion } from './suspicion.providers.js';
import { tokens } from './tokens.providers.js';

/** The layers around the store and the checks, from the inside out. Remove a feature here if you delete its folder. */
const layers: Provider = {
  provide: LAYERS,
  inject: [DENYING, COPYING, SUSPECTING],
  useFactory: (...all: Layer[]) => all,
};

/** The providers of the module, from the inside out: one list for each feature. */
export const providers: Provider[] = [
  ...foundation,
  ...tokens,
  ...sessions,
  ...media,
  layers,
  ...revocation,
  ...copies,
  ...suspicion,
  ...live,
  ...auth,
  ...secondFactor,
  ...http,
];

/** What the app may inject. Nest creates a guard in the module that uses it, so what the guard needs is exported too. */
export const exported = [
  AuthService,
  SessionRegistry,
  SessionEvents,
  LiveSessions,
  SignInSteps,
  JwtSessionGuard,
  Refusals,
  RouteRules,
  SessionTransport,
  Clock,
  RevocationMetrics,
];
