import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { cookieOf } from '../../auth/cookies.js';
import type { AuthRequest } from '../../auth/request-info.js';
import { AuthError } from '../../errors.js';
import { ResolvedAuthOptions } from '../../options/resolved-auth-options.js';
import { type TransportOptions } from '../../options/transport-options.js';
import type { TokenPair, TokenResponse } from '../../wire.js';
import { appendCookie } from './append-cookie.js';
import { headerTokenOf, oneOfTwo, twoCredentials } from './credentials.js';
import { isCrossSite, isFromBrowser, isToLocalhost, mayChange } from './cross-site.js';
import { type CookieKind, clearCookie, cookiesInUse, setCookie } from './set-cookie.js';

/** How a refresh token arrived, and how its answer is sent. */
export type TokenWay = 'body' | 'cookie';

/** A refresh token and how it arrived. */
export interface PresentedToken {
  readonly token: string;
  readonly way: TokenWay;
}

/**
 * Carries tokens between clients and `AuthService` according to the options `transport` and `cookies`, on any adapter.
 * Every refusal is an AuthError: `invalid_request` for two credentials of one kind, `cross_site` for a cookie that a
 * page of another site made the browser send.
 */
@Injectable()
export class SessionTransport {
  readonly #options: TransportOptions;
  readonly #cookies: readonly CookieKind[];

  constructor(
    { transport }: ResolvedAuthOptions,
    private readonly host: HttpAdapterHost,
  ) {
    this.#options = transport;
    this.#cookies = cookiesInUse(transport);
  }

  /** Refuses a sign-in from another site if the answer would set a cookie; call this before you open a session. */
  admit(request: AuthRequest): void {
    if (this.#wayTo(request) === 'cookie') this.#refuseCookie(request);
  }

  /**
   * Puts the tokens where they belong and resolves to what remains for the body. Without `way` the pair is treated as
   * the result of a sign-in; the answer to a renewal uses the way its token arrived.
   */
  deliver(
    pair: TokenPair,
    request: AuthRequest,
    response: unknown,
    way: TokenWay = this.#wayTo(request),
  ): TokenResponse {
    if (way === 'body') return pair;
    this.#refuseCookie(request);
    const { access_token, refresh_token, ...rest } = pair;
    this.#set(response, setCookie('refresh', refresh_token, pair.refresh_expires_in, this.#options));
    if (!this.#cookies.includes('access')) return { access_token, ...rest };
    this.#set(response, setCookie('access', access_token, pair.expires_in, this.#options));
    return rest;
  }

  /** Removes the cookies, and with `clearCache` what is cached. Only for the answer to an end that was stored. */
  clear(response: unknown): void {
    for (const kind of this.#cookies) this.#set(response, clearCookie(kind, this.#options));
    if (this.#options.clearCache) this.host.httpAdapter.setHeader(response, 'Clear-Site-Data', '"cache"');
  }

  /** The access token of a request, from its header or its cookie; undefined if there is none. */
  accessToken(request: AuthRequest): string | undefined {
    const inHeader = headerTokenOf(request);
    if (!this.#cookies.includes('access')) return inHeader;
    const inCookie = cookieOf(request, this.#options.names.access);
    const token = oneOfTwo(inHeader, inCookie, 'the access token is in the header and in a cookie');
    if (inCookie !== undefined) this.#refuseCrossSiteChange(request);
    return token;
  }

  /** Like `accessToken`, but throws if there is none. */
  requireAccessToken(request: AuthRequest): string {
    const token = this.accessToken(request);
    if (token === undefined) throw new AuthError('invalid_token', 'no_credentials');
    return token;
  }

  /** The refresh token of a request, given the one in its body; undefined if there is none. */
  refreshToken(request: AuthRequest, inBody?: string | null): PresentedToken | undefined {
    const inCookie = this.#cookies.includes('refresh') ? cookieOf(request, this.#options.names.refresh) : undefined;
    const token = oneOfTwo(inBody ?? undefined, inCookie, 'the refresh token is in the body and in a cookie');
    if (token === undefined) return undefined;
    if (inCookie === undefined) return { token: this.#allowedInBody(token), way: 'body' };
    this.#refuseCrossSiteChange(request);
    return { token, way: 'cookie' };
  }

  /** Like `refreshToken`, but throws if there is none. */
  requireRefreshToken(request: AuthRequest, inBody?: string | null): PresentedToken {
    const presented = this.refreshToken(request, inBody);
    if (presented) return presented;
    // A page cannot see whether it has the cookie: it sends the request, and the answer tells it to sign in.
    if (this.#options.kind !== 'bearer') throw new AuthError('invalid_grant', 'no_credentials');
    throw new AuthError('invalid_request', 'malformed_request', { detail: 'refresh_token is missing' });
  }

  /** The tokens that a sign-out names: one token, or the access token and the refresh cookie of the same browser. */
  signOutTokens(request: AuthRequest, inBody?: string | null): { accessToken?: string; refreshToken?: string } {
    const [accessToken, refresh] = [this.accessToken(request), this.refreshToken(request, inBody)];
    if (accessToken !== undefined && refresh?.way === 'body') throw twoCredentials('there are two tokens to sign out');
    return { ...(accessToken !== undefined && { accessToken }), ...(refresh && { refreshToken: refresh.token }) };
  }

  #wayTo(request: AuthRequest): TokenWay {
    const { kind } = this.#options;
    return kind === 'cookie' || (kind === 'both' && isFromBrowser(request)) ? 'cookie' : 'body';
  }

  #allowedInBody(token: string): string {
    if (this.#options.kind !== 'cookie') return token;
    const detail = 'the refresh token is sent in a cookie; leave it out of the body';
    throw new AuthError('invalid_request', 'malformed_request', { detail });
  }

  /** Refuses to set a cookie on a page of another site, and one without `Secure` anywhere but on localhost. */
  #refuseCookie(request: AuthRequest): void {
    this.#refuseCrossSite(request);
    if (this.#options.secure || isToLocalhost(request)) return;
    const detail = '`cookies.secure` is false, which is for http://localhost only; leave it out on any other host';
    throw new AuthError('invalid_request', 'malformed_request', { detail });
  }

  #refuseCrossSiteChange(request: AuthRequest): void {
    if (mayChange(request)) this.#refuseCrossSite(request);
  }

  #refuseCrossSite(request: AuthRequest): void {
    if (isCrossSite(request, this.#options.origins)) throw new AuthError('cross_site', 'cross_site_request');
  }

  #set(response: unknown, line: string): void {
    appendCookie(this.host.httpAdapter, response, line);
  }
}
