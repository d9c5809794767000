import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { type ExecutionContext, HttpException, HttpStatus, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import {
  InjectThrottlerOptions,
  InjectThrottlerStorage,
  ThrottlerGuard,
  type ThrottlerLimitDetail,
  type ThrottlerModuleOptions,
  type ThrottlerRequest,
} from '@nestjs/throttler';
import { actionOf } from './attempts.js';
import { FailureStorage } from './failure-storage.js';
import { onAnswer } from './on-answer.js';

const REFUSAL = {
  statusCode: HttpStatus.TOO_MANY_REQUESTS,
  error: 'Too Many Requests',
  message: 'Too many attempts; wait for the seconds in Retry-After, then try again',
  code: 'too_many_requests',
};

/** A ThrottlerGuard whose budgets are used up by failures alone, or by what else a budget counts. */
@Injectable()
export class FailuresGuard extends ThrottlerGuard {
  constructor(
    @InjectThrottlerOptions() options: ThrottlerModuleOptions,
    @InjectThrottlerStorage() private readonly storage: FailureStorage,
    reflector: Reflector,
  ) {
    super(options, storage, reflector);
  }

  protected override async shouldSkip(context: ExecutionContext): Promise<boolean> {
    return actionOf(context) === undefined;
  }

  protected override async handleRequest(asked: ThrottlerRequest): Promise<boolean> {
    await super.handleRequest(asked);
    const { req, res } = this.getRequestResponse(asked.context);
    const { name = '' } = asked.throttler;
    const key = this.generateKey(asked.context, await asked.getTracker(req, asked.context), name);
    const response: ServerResponse = res.raw ?? res;
    onAnswer(response, (status) => this.storage.settle(key, status, name));
    return true;
  }

  /** One key for all routes of an action, and a short one, whatever a client sends. */
  protected override generateKey(_context: ExecutionContext, tracker: string, name: string): string {
    return createHash('sha256').update(`${name} ${tracker}`).digest('base64');
  }

  protected override async throwThrottlingException(
    context: ExecutionContext,
    { timeToBlockExpire }: ThrottlerLimitDetail,
  ): Promise<void> {
    const { res } = this.getRequestResponse(context);
    this.setResponseHeader(res, 'Retry-After', String(timeToBlockExpire));
    this.setResponseHeader(res, 'Cache-Control', 'no-store');
    throw new HttpException(REFUSAL, REFUSAL.statusCode);
  }
}
