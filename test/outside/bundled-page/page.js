import { createSessionClient } from 'nestjs-session-registry/client';
import 'nestjs-session-registry/element';
import required from './required.cjs';

/** Signs in and shows the devices of the user. */
async function show() {
  const client = createSessionClient();
  await client.login({ username: 'ada', password: 'ada-password' });
  document.querySelector('session-list').client = client;
}

document.body.dataset.same = String(required.createSessionClient === createSessionClient);
void show();
