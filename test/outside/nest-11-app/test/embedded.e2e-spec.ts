import { Test } from '@nestjs/testing';
import { AuthModule, AuthService } from 'nestjs-session-registry';
import { SECRET } from './../src/secret';

/** Signs in where the app names no database, and no driver is installed. */
async function signIn(): Promise<string> {
  const app = await Test.createTestingModule({ imports: [AuthModule.forRoot({ secret: SECRET })] }).compile();
  await app.init();
  const { access_token } = await app.get(AuthService).login('ada');
  const { userId } = await app.get(AuthService).authenticate(access_token);
  await app.close();
  return userId;
}

it('the SQLite of Node keeps sessions, or the library says that there is none', async () => {
  if (Number(process.versions.node.split('.')[0]) >= 22) expect(await signIn()).toBe('ada');
  else await expect(signIn()).rejects.toThrow('nothing here opens the embedded file');
});
