import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Param,
  Patch,
  Query,
  Req,
  Res,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { ActiveSession } from '../auth/auth.service.js';
import { AuthError } from '../errors.js';
import { cleanName } from '../sessions/client-info.js';
import { SessionRegistry } from '../sessions/session-registry.js';
import type { EndedSessionView, SessionView } from '../wire.js';
import { AuthExceptionFilter } from './auth-exception.filter.js';
import { CurrentSession } from './current-session.decorator.js';
import { ListSessionsQuery, RenameSessionDto } from './dto/sessions.dto.js';
import { JwtSessionGuard } from './jwt-session.guard.js';
import { limitOf, nextLink, type PagedRequest } from './next-link.js';
import { RevocationCheck } from './revocation-check.decorator.js';
import { SessionTransport } from './transport/session-transport.js';
import { lenientPipe, type RevokeScope, revokeScopePipe } from './validation.js';

/**
 * `/sessions`: shows, renames and signs out a user's own devices. Always checks the session's row, so that a device
 * that was signed out cannot end other sessions, whatever the check of the app still lets it do.
 */
@Controller('sessions')
@UseGuards(JwtSessionGuard)
@RevocationCheck('session')
@UseFilters(AuthExceptionFilter)
export class SessionsController {
  constructor(
    private readonly registry: SessionRegistry,
    private readonly transport: SessionTransport,
    private readonly host: HttpAdapterHost,
  ) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  async list(
    @CurrentSession() { userId, guid }: ActiveSession,
    @Query(lenientPipe) query: ListSessionsQuery,
    @Req() request: PagedRequest,
    @Res({ passthrough: true }) response: unknown,
  ): Promise<(SessionView | EndedSessionView)[]> {
    const page = { limit: limitOf(query), cursor: query.cursor };
    const { sessions, next } =
      query.state === 'ended'
        ? await this.registry.listEndedPage(userId, page)
        : await this.registry.listPage(userId, { ...page, current: guid });
    if (next !== undefined) this.host.httpAdapter.setHeader(response, 'Link', nextLink(request, query, next));
    return sessions;
  }

  @Patch(':guid')
  @Header('Cache-Control', 'no-store')
  async rename(
    @CurrentSession() session: ActiveSession,
    @Param('guid') guid: string,
    @Body(lenientPipe) { name }: RenameSessionDto,
  ): Promise<SessionView> {
    if (cleanName(name) === null) {
      throw new AuthError('invalid_request', 'malformed_request', { detail: 'name should not be empty' });
    }
    return (await this.registry.rename(session.userId, guid, name, session.guid)) ?? refuseUnknown();
  }

  @Delete(':guid')
  @HttpCode(204)
  @Header('Cache-Control', 'no-store')
  async revoke(
    @CurrentSession() { userId, guid: own }: ActiveSession,
    @Param('guid') guid: string,
    @Res({ passthrough: true }) response: unknown,
  ): Promise<void> {
    if (!(await this.registry.revoke(userId, guid))) refuseUnknown();
    if (guid === own) this.transport.clear(response);
  }

  @Delete()
  @Header('Cache-Control', 'no-store')
  async revokeMany(
    @CurrentSession() { userId, guid }: ActiveSession,
    @Query(revokeScopePipe) scope: RevokeScope,
    @Res({ passthrough: true }) response: unknown,
  ): Promise<{ revoked: number }> {
    if (scope === 'others') return { revoked: await this.registry.revokeOthers(userId, guid) };
    const revoked = await this.registry.revokeAll(userId);
    this.transport.clear(response);
    return { revoked };
  }
}

function refuseUnknown(): never {
  throw new AuthError('not_found', 'session_unknown');
}
