import { type ExecutionContext, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ThrottlerModule, type ThrottlerOptions } from '@nestjs/throttler';
import { Clock, networkOf } from 'nestjs-session-registry';
import { actionOf, type LimitedRequest } from './attempts.js';
import { BUDGETS, type Budget, WINDOW } from './budgets.js';
import { FailureStorage } from './failure-storage.js';
import { FailuresGuard } from './failures.guard.js';

/** Bounds how often sign-ins, renewals and sign-outs may fail, before AuthModule looks at them, and how many sign up. */
@Module({
  imports: [
    ThrottlerModule.forRootAsync({
      inject: [Clock],
      useFactory: (clock: Clock) => ({
        storage: new FailureStorage(clock),
        throttlers: BUDGETS.map(throttlerOf),
        // What is left is nobody's business but a guesser's.
        setHeaders: false,
      }),
    }),
  ],
  providers: [{ provide: APP_GUARD, useClass: FailuresGuard }],
})
export class LimitsModule {}

function throttlerOf({ name, action, failures, subject }: Budget): ThrottlerOptions {
  return {
    name,
    ttl: WINDOW,
    limit: failures,
    skipIf: (context) => actionOf(context) !== action || subject(requestOf(context)) === undefined,
    getTracker: (_request, context) => `${networkOf(requestOf(context).ip)} ${subject(requestOf(context))}`,
  };
}

function requestOf(context: ExecutionContext): LimitedRequest {
  return context.switchToHttp().getRequest<LimitedRequest>();
}
