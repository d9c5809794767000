import { Controller, Get, Request, UseGuards } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { AuthGuard, PassportModule } from '@nestjs/passport';
import { ACCESS_TTL, SECRET } from '../contract/bench-app.js';

@Controller('profile')
class JwtProfileController {
  @UseGuards(AuthGuard('jwt'))
  @Get()
  profile(@Request() request: { user: { userId: string } }): { userId: string } {
    return { userId: request.user.userId };
  }
}

/** The route behind `AuthGuard('jwt')`, and what signs its tokens, as the Nest documentation has them. */
export const JWT_PROFILE = {
  imports: [PassportModule, JwtModule.register({ secret: SECRET, signOptions: { expiresIn: ACCESS_TTL } })],
  controllers: [JwtProfileController],
};
