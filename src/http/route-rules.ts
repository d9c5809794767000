import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { CheckName } from '../options/revocation-options.js';
import { OPTIONAL_SESSION, type OptionalSessionOptions } from './optional-session.decorator.js';
import { IS_PUBLIC } from './public.decorator.js';
import { CHECK_KIND } from './revocation-check.decorator.js';

/** What the decorators of a route tell the guard. */
export interface RouteRule {
  readonly isPublic: boolean;
  readonly check: CheckName | undefined;
  /** Set on a route for both: what happens to credentials that do not count. */
  readonly optional: OptionalSessionOptions['invalid'] | undefined;
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
      ...this.#admission(handler, type),
      check: this.reflector.getAllAndOverride<CheckName | undefined>(CHECK_KIND, [handler, type]),
    };
    const ofHandler = this.#known.get(handler) ?? new WeakMap<Target, RouteRule>();
    this.#known.set(handler, ofHandler.set(type, rule));
    return rule;
  }

  /** The nearer decorator decides: a public controller may have a route for both, and the other way round. */
  #admission(...targets: readonly Target[]): Pick<RouteRule, 'isPublic' | 'optional'> {
    for (const target of targets) {
      const isPublic = this.reflector.get<boolean | undefined>(IS_PUBLIC, target);
      const optional = this.reflector.get<RouteRule['optional']>(OPTIONAL_SESSION, target);
      if (isPublic !== undefined || optional) return { isPublic: isPublic ?? false, optional };
    }
    return { isPublic: false, optional: undefined };
  }
}
