import 'reflect-metadata';
import { scryptSync } from 'node:crypto';
import { Test } from '@nestjs/testing';
import { Clock } from 'nestjs-session-registry';
import { DataSource } from 'typeorm';
import { AppModule } from '../../examples/app.module.js';
import { Environment } from '../../examples/environment/environment.js';
import { httpAdapter } from '../../examples/http-adapter.js';
import { DEMO } from '../../examples/users/demo-account.js';
import { UserEntity } from '../../examples/users/user.entity.js';
import { TestClock } from '../../src/testing/test-clock.js';

const clock = new TestClock(Date.now());
const environment = new Environment(process.env);
const testing = await Test.createTestingModule({ imports: [AppModule.in(environment)] })
  .overrideProvider(Clock)
  .useValue(clock)
  .compile();
const app = testing.createNestApplication(httpAdapter(environment), { logger: ['error'] });
app.enableShutdownHooks();
await app.listen(0, '127.0.0.1');
// An idle connection closed under a client that is about to use it would look like a fault.
app.getHttpServer().keepAliveTimeout = 0;
// Thousands of guesses at full cost would only warm the room.
await app.get(DataSource).getRepository(UserEntity).update({ usernameKey: DEMO.username }, { passwordHash: cheap() });
process.on('message', (milliseconds: number) => {
  clock.advance(milliseconds);
  process.send?.('advanced');
});
process.on('disconnect', () => process.exit());
process.send?.({ url: await app.getUrl() });

function cheap(): string {
  const [N, r, p] = [2, 8, 1];
  const key = scryptSync(DEMO.password, 'salt', 32, { N, r, p });
  return ['scrypt', N, r, p, Buffer.from('salt').toString('base64url'), key.toString('base64url')].join('$');
}
