import { Controller, Get, Injectable, Inject, Module, Post, Req, UseFilters, UseGuards } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AuthGuard } from '@nestjs/passport';
import { Test } from '@nestjs/testing';
import {
  type ActiveSession,
  AuthModule,
  type AuthModuleExtras,
  type AuthModuleOptions,
  AuthExceptionFilter,
  AuthService,
  CurrentSession,
  inRealm,
  JwtSessionGuard,
  OptionalSession,
  Public,
  RevocationCheck,
  SessionEvents,
  SessionRegistry,
  type TokenPair,
} from 'nestjs-session-registry';
import { JwtSessionStrategy } from 'nestjs-session-registry/passport';
import type { AuthRequest } from 'nestjs-session-registry';
import { TestClock } from '../../src/testing/test-clock.js';
import { type Adapter, SECRET } from '../support/app.js';
import { Client } from '../support/client.js';
import { TestUsers } from '../support/users.js';

/** What a part of the app injects of the module without a name. */
@Injectable()
export class Shop {
  constructor(
    readonly auth: AuthService,
    readonly registry: SessionRegistry,
    readonly events: SessionEvents,
  ) {}
}

/** What a part of the app injects of the realm. */
@Injectable()
export class Office {
  constructor(
    @Inject(inRealm('admin', AuthService)) readonly auth: AuthService,
    @Inject(inRealm('admin', SessionRegistry)) readonly registry: SessionRegistry,
    @Inject(inRealm('admin', SessionEvents)) readonly events: SessionEvents,
  ) {}
}

@Controller()
class ShopController {
  @UseGuards(JwtSessionGuard)
  @Get('profile')
  profile(@CurrentSession() session: ActiveSession): ActiveSession {
    return session;
  }

  @UseGuards(AuthGuard('jwt-session'))
  @Get('passport/profile')
  passport(@CurrentSession() session: ActiveSession): ActiveSession {
    return session;
  }
}

@Controller('office')
class OfficeController {
  constructor(private readonly office: Office) {}

  @UseGuards(inRealm('admin', JwtSessionGuard))
  @Get('profile')
  profile(@CurrentSession('admin') session: ActiveSession): ActiveSession {
    return session;
  }

  @UseGuards(AuthGuard('jwt-session-admin'))
  @Get('passport/profile')
  passport(@CurrentSession('admin') session: ActiveSession): ActiveSession {
    return session;
  }

  /** `@Public()` speaks to the guard of the module without a name. */
  @Public()
  @UseGuards(inRealm('admin', JwtSessionGuard))
  @Get('closed')
  closed(): string {
    return 'in';
  }

  @Public('admin')
  @UseGuards(inRealm('admin', JwtSessionGuard))
  @Get('open')
  open(@CurrentSession('admin') session: ActiveSession | undefined): { guest: boolean } {
    return { guest: session === undefined };
  }

  @OptionalSession({ realm: 'admin' })
  @UseGuards(inRealm('admin', JwtSessionGuard))
  @Get('for-both')
  forBoth(@CurrentSession('admin') session: ActiveSession | undefined): { guest: boolean } {
    return { guest: session === undefined };
  }

  @RevocationCheck('expiry')
  @UseGuards(inRealm('admin', JwtSessionGuard))
  @Get('strict')
  strict(): string {
    return 'in';
  }

  @RevocationCheck('expiry', 'admin')
  @UseGuards(inRealm('admin', JwtSessionGuard))
  @Get('cheap')
  cheap(): string {
    return 'in';
  }

  /** Behind the guard of the others, by mistake. */
  @UseGuards(JwtSessionGuard)
  @Get('mixed-up')
  mixedUp(@CurrentSession('admin') session: ActiveSession | undefined): { session: ActiveSession | null } {
    return { session: session ?? null };
  }

  @UseGuards(inRealm('admin', JwtSessionGuard))
  @Get('unnamed')
  unnamed(@CurrentSession() session: ActiveSession): ActiveSession {
    return session;
  }

  @UseFilters(inRealm('admin', AuthExceptionFilter))
  @Post('sign-in-told')
  signInTold(@Req() request: AuthRequest): Promise<TokenPair> {
    return this.signIn(request);
  }

  @Post('sign-in')
  signIn(@Req() request: AuthRequest): Promise<TokenPair> {
    return this.office.auth.login('id-of-eve', request);
  }
}

/** An app of customers, in a module without a name, and of administrators, in the realm `admin`. */
export interface World {
  readonly clock: TestClock;
  readonly shop: Shop;
  readonly office: Office;
  readonly nest: NestExpressApplication;
  readonly customers: Client;
  /** Calls the routes of the library below `/admin`, and those of the app below `/office`. */
  readonly admins: Client;
  /** The same without a prefix. */
  readonly root: Client;
  close(): Promise<void>;
}

/** How the two modules come into the app. */
export interface WorldShape {
  readonly adapter?: Adapter;
  /** Which of the two is imported last. */
  readonly last?: 'customers' | 'admins';
  readonly isAsync?: boolean;
  readonly options?: Partial<AuthModuleOptions> & AuthModuleExtras;
  readonly ofAdmins?: Partial<AuthModuleOptions> & AuthModuleExtras;
}

/** Both realms have one secret, and users of the same names. */
export async function openWorld({
  adapter,
  last = 'customers',
  isAsync,
  options,
  ofAdmins,
}: WorldShape): Promise<World> {
  const clock = new TestClock();
  const common = { secret: SECRET, users: TestUsers, clock, ...options };
  const make = isAsync ? asyncModule : (given: typeof common) => AuthModule.forRoot(given);
  const [customers, admins] = [make(common), make({ ...common, realm: 'admin', ...ofAdmins })];
  @Module({
    imports: last === 'customers' ? [admins, customers] : [customers, admins],
    controllers: [ShopController, OfficeController],
    providers: [TestUsers, Shop, Office, JwtSessionStrategy, inRealm('admin', JwtSessionStrategy)],
  })
  class WorldModule {}
  const testing = await Test.createTestingModule({ imports: [WorldModule] }).compile();
  const nest = (adapter === 'fastify'
    ? testing.createNestApplication(new FastifyAdapter(), { logger: false })
    : testing.createNestApplication({ logger: false })) as unknown as NestExpressApplication;
  await nest.listen(0, '127.0.0.1');
  nest.getHttpServer().keepAliveTimeout = 0;
  const url = await nest.getUrl();
  return {
    ...{ clock, nest, shop: nest.get(Shop), office: nest.get(Office) },
    ...{ customers: new Client(url), admins: new Client(`${url}/admin`), root: new Client(url) },
    close: () => nest.close(),
  };
}

function asyncModule({ realm, prefix, store, ...given }: AuthModuleOptions & AuthModuleExtras) {
  const extras = { ...(realm && { realm }), ...(prefix && { prefix }), ...(store && { store }) };
  return AuthModule.forRootAsync({ ...extras, useFactory: async () => given });
}
