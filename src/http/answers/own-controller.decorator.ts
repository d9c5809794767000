import { applyDecorators, Controller, SetMetadata, UseFilters, UseInterceptors, VERSION_NEUTRAL } from '@nestjs/common';
import { OwnRoutes } from '../../realm/owner.js';
import { AuthExceptionFilter } from '../auth-exception.filter.js';
import { Public } from '../public.decorator.js';
import { AnswerInterceptor } from './answer.interceptor.js';

/** The key of the Nest documentation for routes that need no sign-in; a guard of the app may know it. */
const PUBLIC_TO_THE_APP = 'isPublic';

/** A controller of this library: under no version, and with answers that nothing of the app changes. */
export const OwnController = (path: string): ClassDecorator =>
  applyDecorators(
    Controller({ path, version: VERSION_NEUTRAL }),
    UseInterceptors(AnswerInterceptor),
    UseFilters(AuthExceptionFilter),
    OwnRoutes(),
  );

/** Opens routes of this library to everybody, for `JwtSessionGuard` and for a guard of the app that knows `isPublic`. */
export const OpenToAll = (): ClassDecorator => applyDecorators(Public(), SetMetadata(PUBLIC_TO_THE_APP, true));
