/**
 * What the types know of the app's claims once it has declared them. Compiled on its own by `npm run typecheck`,
 * because a declaration holds for a whole program.
 */
import { Controller, Get, UseGuards } from '@nestjs/common';
import {
  type ActiveSession,
  AuthModule,
  type AuthService,
  type AuthUser,
  CurrentSession,
  JwtSessionGuard,
} from 'nestjs-session-registry';

declare module 'nestjs-session-registry' {
  interface SessionClaims {
    role: 'member' | 'admin';
    tenant?: string;
  }
}

interface User extends AuthUser {
  role: 'member' | 'admin';
}
const secret = 'thirty-two random bytes, at least';

export const modules = [
  AuthModule.forRoot({ secret, claims: (user: User) => ({ role: user.role }) }),
  AuthModule.forRoot({ secret, claims: async () => ({ role: 'admin', tenant: 'one' }) }),
  AuthModule.forRootAsync({ useFactory: () => ({ secret, claims: (user: User) => ({ role: user.role }) }) }),
  // @ts-expect-error there is no such role
  AuthModule.forRoot({ secret, claims: () => ({ role: 'root' }) }),
  // @ts-expect-error a claim that was declared is missing
  AuthModule.forRoot({ secret, claims: () => ({ tenant: 'one' }) }),
  // @ts-expect-error a tenant is a text
  AuthModule.forRoot({ secret, claims: (user: User) => ({ role: user.role, tenant: 7 }) }),
];

@Controller()
@UseGuards(JwtSessionGuard)
export class RoleController {
  @Get('role')
  role(@CurrentSession() { claims }: ActiveSession): 'member' | 'admin' {
    // @ts-expect-error nobody declared this claim
    claims.email;
    // @ts-expect-error requests share the claims
    claims.role = 'admin';
    return claims.role;
  }
}

export async function roleOf(auth: AuthService, token: string): Promise<'member' | 'admin'> {
  const { claims } = await auth.authenticate(token);
  // @ts-expect-error a tenant may be missing
  claims.tenant.length;
  return claims.role;
}
