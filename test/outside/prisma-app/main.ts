import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { PrismaPg } from '@prisma/adapter-pg';
import { AuthModule, type AuthUsers } from 'nestjs-session-registry';
import { Pool } from 'pg';
import { listen } from '../common/listen.js';
import { ProfileController } from '../common/profile.controller.js';
import { SECRET } from '../common/secret.js';
import { PrismaClient } from './generated/client.js';

const pool = new Pool({ connectionString: process.env.DATABASE_URL });
const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });

/** Accounts in a table of the app, read by Prisma over the pool that also keeps the sessions. */
class Accounts implements AuthUsers {
  async validateCredentials(username: string, password: string): Promise<{ id: string } | null> {
    const account = await prisma.account.findUnique({ where: { username } });
    return account?.password === password ? { id: account.id } : null;
  }
  async isActive(id: string): Promise<boolean> {
    return (await prisma.account.count({ where: { id } })) === 1;
  }
}

@Module({
  imports: [AuthModule.forRoot({ secret: SECRET, users: Accounts, database: pool })],
  controllers: [ProfileController],
})
class AppModule {}

async function start(): Promise<void> {
  await pool.query('CREATE TABLE accounts (id text PRIMARY KEY, username text UNIQUE, password text)');
  await prisma.account.create({ data: { id: 'a-1', username: 'ada', password: 'ada-password' } });
  await listen(AppModule);
  // Prisma leaves the pool to whoever made it.
  await prisma.$disconnect();
}

void start();
