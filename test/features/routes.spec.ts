import { afterEach, describe, expect, it } from 'vitest';
import type { Type } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { JwtSessionGuard } from 'nestjs-session-registry';
import { IS_PUBLIC } from '../../src/http/public.decorator.js';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';

/** What needs no session, and why: it has credentials of its own, or nothing to hide. */
const OPEN = ['LoginController.login', 'TokensController.refresh', 'TokensController.logout', 'JwksController.jwks'];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

interface Route {
  name: string;
  guarded: boolean;
  open: boolean;
}

describe.each(ADAPTERS)('every route of the module on %s (R47, ASVS 8.3.1)', (adapter) => {
  let app: TestApp;
  afterEach(() => app.close());

  function routes(): Route[] {
    const [reflector, scanner] = [app.nest.get(Reflector), new MetadataScanner()];
    const controllers = app.nest
      .get(DiscoveryService)
      .getControllers()
      .map(({ metatype }) => metatype as Type);
    return controllers
      .filter(({ name }) => name !== 'ProfileController')
      .flatMap((controller) =>
        scanner
          .getAllMethodNames(controller.prototype as object)
          .filter((method) => Reflect.hasMetadata('path', handlerOf(controller, method)))
          .map((method) => {
            const targets = [handlerOf(controller, method), controller] as const;
            const guards = reflector.getAllAndMerge<unknown[]>('__guards__', [...targets]);
            return {
              name: `${controller.name}.${method}`,
              guarded: guards.includes(JwtSessionGuard),
              open: reflector.getAllAndOverride<boolean | undefined>(IS_PUBLIC, [...targets]) === true,
            };
          }),
      );
  }

  it('is behind the guard, or open and named here', async () => {
    app = await startApp({ adapter, imports: [DiscoveryModule] });
    const all = routes();
    expect(all.length).toBeGreaterThan(OPEN.length + 3);
    expect(
      all
        .filter(({ open }) => open)
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...OPEN].sort());
    expect(all.filter(({ guarded, open }) => guarded === open)).toEqual([]);
  });

  it.each([
    '/profile',
    '/profile/',
    '//profile',
    '/PROFILE',
    '/profile?x=1',
    '/profile;x=1',
    '/%70rofile',
    '/./profile',
  ])('lets nobody in at %s, whatever the method', async (path) => {
    app = await startApp({ adapter });
    for (const method of METHODS) {
      const { status, text } = await app.client.call(method, path);
      expect([401, 404, 405]).toContain(status);
      expect(text).not.toContain('userId');
    }
  });
});

function handlerOf(controller: Type, method: string): () => unknown {
  return (controller.prototype as Record<string, () => unknown>)[method] as () => unknown;
}
