import { Body, Controller, Header, HttpCode, Post, Req, Res, UsePipes, ValidationPipe } from '@nestjs/common';
import { IsNotEmpty, IsString, MaxLength } from 'class-validator';
import {
  AuthError,
  type AuthRequest,
  AuthService,
  Public,
  SessionTransport,
  SignInSteps,
  type TokenResponse,
} from 'nestjs-session-registry';

/** Your users: provide a class of yours under this one. */
export abstract class TwoStepUsers {
  abstract checkPassword(username: string, password: string): Promise<{ id: string; hasCode: boolean } | null>;
  /** True for the right code, which works once (RFC 6238 section 5.2). Limit the wrong ones per user. */
  abstract takeCode(userId: string, code: string): Promise<boolean>;
}

class PasswordBody {
  @IsString()
  @IsNotEmpty()
  @MaxLength(255)
  username!: string;

  @IsString()
  @IsNotEmpty()
  @MaxLength(1024)
  password!: string;
}

class CodeBody {
  @IsString()
  @MaxLength(4096)
  step!: string;

  @IsString()
  @MaxLength(20)
  code!: string;
}

@Public()
@Controller('auth/login')
@UsePipes(new ValidationPipe({ whitelist: true }))
export class TwoStepLoginController {
  constructor(
    private readonly auth: AuthService,
    private readonly steps: SignInSteps,
    private readonly transport: SessionTransport,
    private readonly users: TwoStepUsers,
  ) {}

  @Post()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async password(
    @Body() { username, password }: PasswordBody,
    @Req() request: AuthRequest,
    @Res({ passthrough: true }) response: unknown,
  ): Promise<TokenResponse | { step: string }> {
    this.transport.admit(request);
    // Before the password is checked: a cutoff from here on ends this sign-in.
    const ticket = await this.auth.currentTicket();
    const user = await this.users.checkPassword(username, password);
    if (!user) throw new AuthError('invalid_credentials', 'wrong_password');
    if (user.hasCode) return { step: this.steps.issue({ purpose: 'code', userId: user.id, ticket }).token };
    return this.transport.deliver(await this.auth.login(user.id, request, { ticket }), request, response);
  }

  @Post('code')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async code(
    @Body() { step, code }: CodeBody,
    @Req() request: AuthRequest,
    @Res({ passthrough: true }) response: unknown,
  ): Promise<TokenResponse> {
    this.transport.admit(request);
    const { userId, ticket } = this.steps.read('code', step);
    if (!(await this.users.takeCode(userId, code))) throw new AuthError('invalid_credentials', 'wrong_password');
    return this.transport.deliver(await this.auth.login(userId, request, { ticket }), request, response);
  }
}
