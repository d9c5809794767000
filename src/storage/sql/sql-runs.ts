import type { Suspicion } from '../../sessions/session.js';
import type { SessionKey } from '../../sessions/session-store.js';
import type { ClientPair, Evidence } from '../../suspicion/crossing.js';
import type { Run } from '../../suspicion/run.js';
import { LOOK_EVERY, RunStore } from '../../suspicion/run-store.js';
import * as sql from './run-statements.js';
import type { SqlDatabase } from './sql-database.js';
import type { SqlRow, SqlValue } from './sql-value.js';

const BATCH = 500;

/** Runs in a table beside the sessions: for every process over the database. */
export class SqlRuns extends RunStore {
  constructor(private readonly database: SqlDatabase) {
    super();
  }

  override async find({ guid, userId }: SessionKey, evidence: Evidence): Promise<Run | undefined> {
    const [row] = await this.database.rows(sql.FIND_RUN, [guid, userId, evidence]);
    return row && toRun(evidence, row);
  }

  override async save(key: SessionKey, former: Run | undefined, next: Run, at: number): Promise<boolean> {
    const { guid, userId } = key;
    const values = [...columnsOf(next), at + LOOK_EVERY];
    if (!former) return this.#insert(key, next.evidence, values);
    const which = [guid, userId, next.evidence, former.generation];
    return (await this.database.run(sql.REPLACE_RUN, [...values, ...which])) === 1;
  }

  override async suspicionsOf(userId: string): Promise<ReadonlyMap<string, Suspicion>> {
    const rows = await this.database.rows(sql.SUSPICIONS, [userId]);
    return new Map(
      // Of two suspicions of a session, the later one stays.
      rows.toReversed().flatMap((row) => {
        const suspicion = toSuspicion(row);
        return suspicion ? [[String(row.guid), suspicion] as const] : [];
      }),
    );
  }

  override async forget(userId: string): Promise<void> {
    await this.database.run(sql.FORGET_RUNS, [userId]);
  }

  override async prune(at: number): Promise<void> {
    for (let visited = BATCH; visited === BATCH; ) {
      const due = await this.database.rows(sql.listRunsToLookAt(BATCH), [at]);
      visited = due.length;
      if (visited === 0) return;
      const guids = Array.from({ length: BATCH }, (_, index) => due[index]?.guid ?? '');
      await this.database.run(sql.deleteOrphans(BATCH), guids);
      await this.database.run(sql.lookLater(BATCH), [at + LOOK_EVERY, ...guids]);
    }
  }

  async #insert(key: SessionKey, evidence: Evidence, values: readonly SqlValue[]): Promise<boolean> {
    try {
      return (await this.database.run(sql.INSERT_RUN, [evidence, ...values, key.guid, key.userId])) === 1;
    } catch (error) {
      // Two came first at the same time, and one of them is there.
      if (await this.find(key, evidence)) return false;
      throw error;
    }
  }
}

function columnsOf({ generation, length, clients, suspicion }: Run): SqlValue[] {
  const suspects = suspicion ? JSON.stringify(suspicion.clients) : null;
  return [generation, length, JSON.stringify(clients), suspicion?.at ?? null, suspects];
}

function toRun(evidence: Evidence, row: SqlRow): Run {
  const { generation, length, clients } = row;
  const suspicion = toSuspicion(row) ?? null;
  return { evidence, generation: String(generation), length: Number(length), clients: toPair(clients), suspicion };
}

function toSuspicion({ suspectedAt, suspects }: SqlRow): Suspicion | undefined {
  return suspectedAt === null ? undefined : { at: Number(suspectedAt), clients: toPair(suspects) };
}

function toPair(text: SqlValue | undefined): ClientPair {
  return JSON.parse(String(text)) as ClientPair;
}
