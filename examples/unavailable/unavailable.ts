import { HttpStatus, ServiceUnavailableException } from '@nestjs/common';

/** A 503 in the shape of the library's own; `UnavailableFilter` adds when to come back. */
export function unavailable(message: string, code = 'unavailable', cause?: unknown): ServiceUnavailableException {
  const body = { statusCode: HttpStatus.SERVICE_UNAVAILABLE, error: 'Service Unavailable', message, code };
  return new ServiceUnavailableException(body, { cause });
}
