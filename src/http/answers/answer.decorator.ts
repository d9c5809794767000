import { applyDecorators, Header, HttpCode, SetMetadata } from '@nestjs/common';

/** What an answer has besides its body. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** The metadata key that `Answer` sets. */
export const ANSWER = 'nestjs-session-registry:answer';

/**
 * The status of a route's answer, and how long it may be kept: by default not at all. Nest sets both before the handler
 * runs, for what the app answers in its place, and they are set again with the answer.
 */
export const Answer = (status: number, cacheControl = 'no-store'): MethodDecorator => {
  const head: AnswerHead = { status, headers: { 'Cache-Control': cacheControl } };
  return applyDecorators(HttpCode(status), Header('Cache-Control', cacheControl), SetMetadata(ANSWER, head));
};
