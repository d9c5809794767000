import type { Type } from '@nestjs/common';

/** What a schema says of a value: the value as it is used from here on, or what is wrong with it. */
export type SchemaResult =
  | { readonly value: unknown; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string; readonly path?: readonly unknown[] | undefined }[] };

/** A schema by the Standard Schema specification, which those of zod, valibot and arktype are. */
export type BodySchema = Readonly<
  Record<'~standard', { readonly version: 1; validate(value: unknown): SchemaResult | Promise<SchemaResult> }>
>;

/** The form of a body: a class with the decorators of class-validator, or a schema. */
export type BodyForm = Type<object> | BodySchema;

/** Whether the form of a body is a schema, and not a class. Schemas of arktype are functions too. */
export function isSchema(form: BodyForm): form is BodySchema {
  return '~standard' in form;
}
