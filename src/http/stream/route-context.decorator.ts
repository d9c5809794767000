import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

/** The route that was called, as a guard sees it. */
export const RouteContext = createParamDecorator((_data: unknown, context: ExecutionContext) => context);
