import { type ArgumentsHost, Catch, ServiceUnavailableException } from '@nestjs/common';
import { BaseExceptionFilter, HttpAdapterHost } from '@nestjs/core';

/** How long a client waits before it tries again, in seconds: as long as somebody waits here for a password at most. */
const RETRY_AFTER = '2';

/** Tells with each 503 of the app when to come back, also with one that the library passes on. */
@Catch(ServiceUnavailableException)
export class UnavailableFilter extends BaseExceptionFilter {
  constructor(private readonly host: HttpAdapterHost) {
    super(host.httpAdapter);
  }

  override catch(exception: ServiceUnavailableException, context: ArgumentsHost): void {
    const response: unknown = context.switchToHttp().getResponse();
    this.host.httpAdapter.setHeader(response, 'Retry-After', RETRY_AFTER);
    this.host.httpAdapter.setHeader(response, 'Cache-Control', 'no-store');
    super.catch(exception, context);
  }
}
