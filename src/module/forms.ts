import type { FactoryProvider, InjectionToken, Provider, Type } from '@nestjs/common';

/**
 * How an app gives this module something of its own: as an instance, as a class, or as a factory with what Nest injects
 * into it. Into a class or a factory, Nest injects what is global or in the `imports` of `forRootAsync`.
 */
export type Form<T> = T | Type<T> | Pick<FactoryProvider<T>, 'useFactory' | 'inject'>;

/** The Nest provider for something given in any of these forms. */
export function providerOf<T extends object>(provide: InjectionToken, form: Form<T>): Provider {
  if (typeof form === 'function') return { provide, useClass: form as Type<T> };
  if ('useFactory' in form) return { provide, inject: form.inject ?? [], useFactory: form.useFactory };
  return { provide, useValue: form };
}
