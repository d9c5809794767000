import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ResolvedAuthOptions } from '../options/resolved-auth-options.js';
import type { CheckName } from '../options/revocation-options.js';
import { NO_REALM, OWNER } from '../realm/owner.js';
import { nameIn } from '../realm/realm-name.js';
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

/** For routes of this library in another realm, which its own guard protects. */
const PASSED_OVER: RouteRule = { isPublic: true, check: undefined, optional: undefined };

type Target = ReturnType<ExecutionContext['getHandler' | 'getClass']>;

/** Reads the decorators once per route, because reading them costs as much as verifying a known token. */
@Injectable()
export class RouteRules {
  readonly #known = new WeakMap<Target, WeakMap<Target, RouteRule>>();

  constructor(
    private readonly reflector: Reflector,
    private readonly options: ResolvedAuthOptions,
  ) {}

  /** The rule of a request's route; a decorator on the handler takes precedence over one on its class. */
  of(context: ExecutionContext): RouteRule {
    const [handler, type] = [context.getHandler(), context.getClass()];
    return this.#known.get(handler)?.get(type) ?? this.#read(handler, type);
  }

  #read(handler: Target, type: Target): RouteRule {
    const { realm } = this.options;
    const owner = this.reflector.get<string | undefined>(OWNER, type);
    const isForeign = owner !== undefined && owner !== (realm ?? NO_REALM);
    const rule = isForeign ? PASSED_OVER : this.#rule(owner === undefined ? realm : undefined, [handler, type]);
    const ofHandler = this.#known.get(handler) ?? new WeakMap<Target, RouteRule>();
    this.#known.set(handler, ofHandler.set(type, rule));
    return rule;
  }

  #rule(realm: string | undefined, targets: Target[]): RouteRule {
    return {
      ...this.#admission(nameIn(realm, IS_PUBLIC), nameIn(realm, OPTIONAL_SESSION), targets),
      check: this.reflector.getAllAndOverride<CheckName | undefined>(nameIn(realm, CHECK_KIND), targets),
    };
  }

  /** The nearer decorator decides: a public controller may have a route for both, and the other way round. */
  #admission(opened: string, forBoth: string, targets: readonly Target[]): Pick<RouteRule, 'isPublic' | 'optional'> {
    for (const target of targets) {
      const isPublic = this.reflector.get<boolean | undefined>(opened, target);
      const optional = this.reflector.get<RouteRule['optional']>(forBoth, target);
      if (isPublic !== undefined || optional) return { isPublic: isPublic ?? false, optional };
    }
    return { isPublic: false, optional: undefined };
  }
}
