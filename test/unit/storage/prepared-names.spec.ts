import { describe, expect, it } from 'vitest';
import { postgres } from '../../../src/storage/sql/dialects/postgres.js';
import { PreparedNames } from '../../../src/storage/connections/prepared-names.js';

const READ = 'SELECT "latest" FROM "session_tickets" WHERE "id" = ?';
const DELETE = 'DELETE FROM "sessions" WHERE "userId" = ?';

describe('the name of a prepared statement', () => {
  it('is that of its text, in whatever order a process came to its statements', () => {
    const [one, other] = [new PreparedNames(postgres), new PreparedNames(postgres)];
    const [read, deletion] = [one.of(READ), one.of(DELETE)];
    expect([other.of(DELETE), other.of(READ)]).toEqual([deletion, read]);
    expect(read.name).not.toBe(deletion.name);
  });

  it('fits what PostgreSQL keeps of a name', () => {
    expect(Buffer.byteLength(new PreparedNames(postgres).of(READ).name ?? '')).toBeLessThan(64);
  });

  it('is left out for good where names are mixed up, and that is told once', () => {
    const [names, lines] = [new PreparedNames(postgres), [] as string[]];
    names.warnTo((line) => lines.push(line));
    names.of(READ);
    names.giveUp();
    expect(names.of(READ)).toEqual({ text: 'SELECT "latest" FROM "session_tickets" WHERE "id" = $1' });
    names.giveUp();
    expect(lines).toEqual([expect.stringContaining('works without them from now on')]);
  });

  it('tells that it was left out before anybody asked', () => {
    const [names, lines] = [new PreparedNames(postgres), [] as string[]];
    names.giveUp();
    names.warnTo((line) => lines.push(line));
    expect(lines).toHaveLength(1);
  });
});
