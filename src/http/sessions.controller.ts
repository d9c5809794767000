import { Delete, Get, Patch, Req, Res } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { AuthError } from '../errors.js';
import { cleanName } from '../sessions/client-info.js';
import { SessionRegistry } from '../sessions/session-registry.js';
import type { EndedSessionView, SessionView } from '../wire.js';
import { Answer } from './answers/answer.decorator.js';
import { OwnController } from './answers/own-controller.decorator.js';
import { ListSessionsQuery, RenameSessionDto } from './dto/sessions.dto.js';
import type { GuardedRequest } from './jwt-session.guard.js';
import { limitOf, nextLink, type PagedRequest, queryOf } from './page-query.js';
import { bodyOf } from './request-body.js';
import { Guarded, sessionOf } from './route-session.js';
import { SessionTransport } from './transport/session-transport.js';
import { revokeScopeOf, validated } from './validation.js';

type SessionsRequest = GuardedRequest &
  PagedRequest & { readonly body?: unknown; readonly params: { readonly guid: string } };

/**
 * `/sessions`: shows, renames and signs out a user's own devices. Always checks the session's row, so that a device
 * that was signed out cannot end other sessions, whatever the check of the app still lets it do.
 */
@OwnController('sessions')
@Guarded()
export class SessionsController {
  constructor(
    private readonly registry: SessionRegistry,
    private readonly transport: SessionTransport,
    private readonly host: HttpAdapterHost,
  ) {}

  @Get()
  @Answer(200)
  async list(
    @Req() request: SessionsRequest,
    @Res({ passthrough: true }) response: unknown,
  ): Promise<(SessionView | EndedSessionView)[]> {
    const { userId, guid } = sessionOf(request);
    const query = await validated(ListSessionsQuery, queryOf(request));
    const page = { limit: limitOf(query), cursor: query.cursor };
    const { sessions, next } =
      query.state === 'ended'
        ? await this.registry.listEndedPage(userId, page)
        : await this.registry.listPage(userId, { ...page, current: guid });
    if (next !== undefined) this.host.httpAdapter.setHeader(response, 'Link', nextLink(request, query, next));
    return sessions;
  }

  @Patch(':guid')
  @Answer(200)
  async rename(@Req() request: SessionsRequest): Promise<SessionView> {
    const { userId, guid: current } = sessionOf(request);
    const { name } = await validated(RenameSessionDto, await bodyOf(request));
    if (cleanName(name) === null) {
      throw new AuthError('invalid_request', 'malformed_request', { detail: 'name should not be empty' });
    }
    return (await this.registry.rename(userId, request.params.guid, name, current)) ?? refuseUnknown();
  }

  @Delete(':guid')
  @Answer(204)
  async revoke(@Req() request: SessionsRequest, @Res({ passthrough: true }) response: unknown): Promise<void> {
    const { userId, guid: own } = sessionOf(request);
    const { guid } = request.params;
    if (!(await this.registry.revoke(userId, guid))) refuseUnknown();
    if (guid === own) this.transport.clear(response);
  }

  @Delete()
  @Answer(200)
  async revokeMany(
    @Req() request: SessionsRequest,
    @Res({ passthrough: true }) response: unknown,
  ): Promise<{ revoked: number }> {
    const { userId, guid } = sessionOf(request);
    const scope = revokeScopeOf(queryOf(request));
    if (scope === 'others') return { revoked: await this.registry.revokeOthers(userId, guid) };
    const revoked = await this.registry.revokeAll(userId);
    this.transport.clear(response);
    return { revoked };
  }
}

function refuseUnknown(): never {
  throw new AuthError('not_found', 'session_unknown');
}
