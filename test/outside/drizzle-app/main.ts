import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { pgTable, text } from 'drizzle-orm/pg-core';
import { AuthModule, type AuthUsers } from 'nestjs-session-registry';
import { Pool } from 'pg';
import { listen } from '../common/listen.js';
import { ProfileController } from '../common/profile.controller.js';
import { SECRET } from '../common/secret.js';

const pool = new Pool({ connectionString: process.env.DATABASE_URL });
const db = drizzle(pool);
const accounts = pgTable('accounts', {
  id: text().primaryKey(),
  username: text().notNull(),
  password: text().notNull(),
});

/** Accounts in a table of the app, read over the pool that also keeps the sessions. */
class Accounts implements AuthUsers {
  async validateCredentials(username: string, password: string): Promise<{ id: string } | null> {
    const [account] = await db.select().from(accounts).where(eq(accounts.username, username));
    return account?.password === password ? { id: account.id } : null;
  }
  async isActive(userId: string): Promise<boolean> {
    return (await db.$count(accounts, eq(accounts.id, userId))) === 1;
  }
}

@Module({
  imports: [AuthModule.forRoot({ secret: SECRET, users: Accounts, database: pool })],
  controllers: [ProfileController],
})
class AppModule {}

async function start(): Promise<void> {
  await db.execute('CREATE TABLE accounts (id text PRIMARY KEY, username text, password text)');
  await db.insert(accounts).values({ id: 'a-1', username: 'ada', password: 'ada-password' });
  await listen(AppModule);
}

void start();
