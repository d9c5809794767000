import { type INestApplication, Injectable, Module } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { Column, DataSource, type DataSourceOptions, Entity, PrimaryColumn, type Repository } from 'typeorm';
import type { AppSpec } from '../contract/app-spec.js';
import { type BenchApp, SECRET } from '../contract/bench-app.js';
import { JWT_PROFILE } from './jwt-profile.js';

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

@Module({ ...JWT_PROFILE, providers: [JwtStrategy] })
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
