import { createSessionClient } from 'nestjs-session-registry-browser';
import 'nestjs-session-registry-browser/element';

/** Signs in and shows the devices of the user. */
async function show() {
  const client = createSessionClient();
  await client.login({ username: 'ada', password: 'ada-password' });
  document.querySelector('session-list').client = client;
}

void show();
