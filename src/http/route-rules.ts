import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { CheckName } from '../options/revocation-options.js';
import { IS_PUBLIC } from './public.decorator.js';
import { CHECK_KIND } from './revocation-check.decorator.js';

/** What the decorators of a route tell the guard. */
export interface RouteRule {
  readonly isPublic: boolean;
  readonly check: CheckName | undefined;
}

type Target = ReturnType<ExecutionContext['getHandler' | 'getClass']>;

/** Reads the decorators once per route, because reading them costs as much as verifying a known token. */
@Injectable()
export class RouteRules {
  readonly #known = new WeakMap<Target, WeakMap<Target, RouteRule>>();

  constructor(private readonly reflector: Reflector) {}

  /** The rule of a request's route; a decorator on the handler takes precedence over one on its class. */
  of(context: ExecutionContext): RouteRule {
    const [handler, type] = [context.getHandler(), context.getClass()];
    return this.#known.get(handler)?.get(type) ?? this.#read(handler, type);
  }

  #read(handler: Target, type: Target): RouteRule {
    const rule = {
      isPublic: this.reflector.getAllAndOverride<boolean | undefined>(IS_PUBLIC, [handler, type]) ?? false,
      check: this.reflector.getAllAndOverride<CheckName | undefined>(CHECK_KIND, [handler, type]),
    };
    const ofHandler = this.#known.get(handler) ?? new WeakMap<Target, RouteRule>();
    this.#known.set(handler, ofHandler.set(type, rule));
    return rule;
  }
}
