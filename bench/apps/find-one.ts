import { Controller, Get, type INestApplication, Injectable, Module, Request, UseGuards } from '@nestjs/common';
import { JwtModule, JwtService } from '@nestjs/jwt';
import { AuthGuard, PassportModule, PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { Column, DataSource, type DataSourceOptions, Entity, PrimaryColumn, type Repository } from 'typeorm';
import type { AppSpec } from './app-spec.js';
import { ACCESS_TTL, type BenchApp, SECRET } from './bench-app.js';

@Entity('users')
class User {
  @PrimaryColumn()
  id!: string;

  @Column()
  username!: string;
}

let users: Repository<User>;

@Injectable()
class JwtStrategy extends PassportStrategy(Strategy) {
  constructor() {
    super({ jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(), ignoreExpiration: false, secretOrKey: SECRET });
  }

  /** As tutorials have it: the user is looked up on each request. */
  async validate(payload: { sub: string }): Promise<{ userId: string } | null> {
    const user = await users.findOne({ where: { id: payload.sub } });
    return user && { userId: user.id };
  }
}

@Controller('profile')
class ProfileController {
  @UseGuards(AuthGuard('jwt'))
  @Get()
  profile(@Request() request: { user: { userId: string } }): { userId: string } {
    return { userId: request.user.userId };
  }
}

@Module({
  imports: [PassportModule, JwtModule.register({ secret: SECRET, signOptions: { expiresIn: ACCESS_TTL } })],
  controllers: [ProfileController],
  providers: [JwtStrategy],
})
class FindOneModule {}

/** passport-jwt with `repository.findOne` in `validate`, and the secret as a string, as most tutorials do it. */
export function createApp({ database }: AppSpec): BenchApp {
  return {
    module: FindOneModule,
    configure: async () => {
      const dataSource = new DataSource({ ...database, entities: [User], synchronize: true } as DataSourceOptions);
      users = (await dataSource.initialize()).getRepository(User);
    },
    signIn: async (app: INestApplication, userId) => {
      await users.save({ id: userId, username: userId });
      return { authorization: `Bearer ${await app.get(JwtService).signAsync({ sub: userId, username: userId })}` };
    },
  };
}
