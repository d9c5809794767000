import { type ArgumentMetadata, type Type, ValidationPipe } from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';

class FormPipe extends ValidationPipe {
  override transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    return super.transform(metadata.metatype ? textsOf(value, metadata.metatype) : value, metadata);
  }
}

/** Checks a form, whose fields are texts. Throws a BadRequestException. */
export const formPipe = new FormPipe({ transform: true });

/**
 * The fields the form has, as far as they are texts: the libraries that copy and check would walk through everything else
 * that a client sends, and overflow the stack in a nest of thousands.
 */
function textsOf(value: unknown, form: Type): Record<string, string> {
  const given = Object(value) as Record<string, unknown>;
  const fields = getMetadataStorage().getTargetValidationMetadatas(form, '', false, false);
  return Object.fromEntries(fields.flatMap(({ propertyName: name }) => textAt(given, name)));
}

function textAt(given: Record<string, unknown>, name: string): [string, string][] {
  const text = Object.hasOwn(given, name) ? given[name] : undefined;
  return typeof text === 'string' ? [[name, text]] : [];
}
