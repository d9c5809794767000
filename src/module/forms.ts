import type { FactoryProvider, InjectionToken, Provider, Type } from '@nestjs/common';

/**
 * Something of the app's own that this module uses: an instance, its class, or a factory with what Nest injects into it. A
 * class and a factory get what is global, or among the `imports` of `forRootAsync`.
 */
export type Form<T> = T | Type<T> | Pick<FactoryProvider<T>, 'useFactory' | 'inject'>;

/** The provider of what is given in one of its forms. */
export function providerOf<T extends object>(provide: InjectionToken, form: Form<T>): Provider {
  if (typeof form === 'function') return { provide, useClass: form as Type<T> };
  if ('useFactory' in form) return { provide, inject: form.inject ?? [], useFactory: form.useFactory };
  return { provide, useValue: form };
}
