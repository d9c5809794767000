import { describe, expect, it, vi } from 'vitest';
import type { ExecutionContext, Type } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { OptionalSession } from '../../src/http/optional-session.decorator.js';
import { Public } from '../../src/http/public.decorator.js';
import { RevocationCheck } from '../../src/http/revocation-check.decorator.js';
import { RouteRules } from '../../src/http/route-rules.js';
import { resolveOptions } from '../../src/options/resolve-options.js';

const options = resolveOptions({ secret: 'a test secret of more than thirty-two bytes' });

class Base {
  plain() {}

  @RevocationCheck('session')
  strict() {}

  @OptionalSession()
  both() {}

  @Public()
  open() {}
}
@Public()
class Open extends Base {}
@RevocationCheck('expiry')
class Loose extends Base {}
@OptionalSession({ invalid: 'ignore' })
class Lenient extends Base {}

const contextOf = (type: Type, handler: () => void) =>
  ({ getClass: () => type, getHandler: () => handler }) as unknown as ExecutionContext;

describe('the rules of routes', () => {
  const { plain, strict, both, open } = Base.prototype;
  const forBoth = (optional: 'refuse' | 'ignore') => ({ isPublic: false, check: undefined, optional });

  it.each([
    ['of a handler, without any', Base, plain, { isPublic: false, check: undefined }],
    [
      'of a handler that two controllers inherit, are those of the one',
      Open,
      plain,
      { isPublic: true, check: undefined },
    ],
    [
      'of a handler that two controllers inherit, are those of the other',
      Loose,
      plain,
      { isPublic: false, check: 'expiry' },
    ],
    ["are a handler's own before those of its class", Loose, strict, { isPublic: false, check: 'session' }],
    ['for both on a public controller', Open, both, forBoth('refuse')],
    ['for both, by the nearer of two', Lenient, both, forBoth('refuse')],
    ['for both by the controller', Lenient, plain, forBoth('ignore')],
    ['public on a controller for both', Lenient, open, { isPublic: true, check: undefined }],
  ] as const)('%s', (_, type, handler, rule) => {
    const rules = new RouteRules(new Reflector(), options);
    for (const [other, its] of [
      [Base, plain],
      [Open, strict],
      [Loose, plain],
    ] as const)
      rules.of(contextOf(other, its));
    expect(rules.of(contextOf(type, handler))).toEqual(rule);
  });

  it('are read once a route', () => {
    const reflector = new Reflector();
    const reading = vi.spyOn(reflector, 'getAllAndOverride');
    const rules = new RouteRules(reflector, options);
    for (let request = 0; request < 3; request++) rules.of(contextOf(Base, plain));
    expect(reading).toHaveBeenCalledTimes(1);
    rules.of(contextOf(Base, strict));
    expect(reading).toHaveBeenCalledTimes(2);
  });
});
