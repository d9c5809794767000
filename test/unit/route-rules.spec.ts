import { describe, expect, it, vi } from 'vitest';
import type { ExecutionContext, Type } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Public } from '../../src/http/public.decorator.js';
import { RevocationCheck } from '../../src/http/revocation-check.decorator.js';
import { RouteRules } from '../../src/http/route-rules.js';

class Base {
  plain() {}

  @RevocationCheck('session')
  strict() {}
}
@Public()
class Open extends Base {}
@RevocationCheck('expiry')
class Loose extends Base {}

const contextOf = (type: Type, handler: () => void) =>
  ({ getClass: () => type, getHandler: () => handler }) as unknown as ExecutionContext;

describe('the rules of routes', () => {
  const { plain, strict } = Base.prototype;

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
  ] as const)('%s', (_, type, handler, rule) => {
    const rules = new RouteRules(new Reflector());
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
    const rules = new RouteRules(reflector);
    for (let request = 0; request < 3; request++) rules.of(contextOf(Base, plain));
    expect(reading).toHaveBeenCalledTimes(2);
    rules.of(contextOf(Base, strict));
    expect(reading).toHaveBeenCalledTimes(4);
  });
});
