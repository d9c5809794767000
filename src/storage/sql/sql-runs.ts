import type { Suspicion } from '../../sessions/session.js';
import type { SessionKey } from '../../sessions/session-store.js';
import type { ClientPair, Evidence } from '../../suspicion/crossing.js';
import type { Run } from '../../suspicion/run.js';
import { LOOK_EVERY, RunStore } from '../../suspicion/run-store.js';
import * as sql from './run-statements.js';
import type { SqlDatabase } from './sql-database.js';
import type { SqlRow, SqlValue } from './sql-value.js';

const BATCH = 500;

/** Runs in a table next to the sessions, shared by all processes on the database. */
export class SqlRuns extends RunStore {
  constructor(private readonly database: SqlDatabase) {
    super();
  }

  override async find({ guid, userId }: SessionKey, evidence: Evidence): Promise<Run | undefined> {
    const [row] = await this.database.rows(...sql.FIND_RUN.with({ guid, userId, evidence }));
    return row && toRun(evidence, row);
  }

  override async save(key: SessionKey, former: Run | undefined, next: Run, at: number): Promise<boolean> {
    const row = { ...rowOf(key, next), lookAt: at + LOOK_EVERY };
    if (!former) return this.#insert(row);
    return (await this.database.run(...sql.REPLACE_RUN.with({ ...row, former: former.generation }))) === 1;
  }

  override async suspicionsOf(userId: string): Promise<ReadonlyMap<string, Suspicion>> {
    const rows = await this.database.rows(...sql.SUSPICIONS.with({ userId }));
    return new Map(
      // The latest comes last, so that it replaces an earlier suspicion of the same session.
      rows.toReversed().flatMap((row) => {
        const suspicion = toSuspicion(row);
        return suspicion ? [[String(row.guid), suspicion] as const] : [];
      }),
    );
  }

  override async forget(userId: string): Promise<void> {
    await this.database.run(...sql.FORGET_RUNS.with({ userId }));
  }

  override async prune(at: number): Promise<void> {
    for (let visited = BATCH; visited === BATCH; ) {
      const due = await this.database.rows(...sql.listRunsToLookAt(BATCH).with({ at }));
      visited = due.length;
      if (visited === 0) return;
      const guids = due.map(({ guid }) => String(guid));
      await this.database.run(...sql.deleteOrphans(BATCH).with({ guids }));
      await this.database.run(...sql.lookLater(BATCH).with({ guids, lookAt: at + LOOK_EVERY }));
    }
  }

  async #insert(row: RunRow & { lookAt: number }): Promise<boolean> {
    try {
      return (await this.database.run(...sql.INSERT_RUN.with(row))) === 1;
    } catch (error) {
      // Another process has begun the same run at the same time.
      if (await this.find(row, row.evidence)) return false;
      throw error;
    }
  }
}

type RunRow = ReturnType<typeof rowOf>;

function rowOf({ guid, userId }: SessionKey, { evidence, generation, length, clients, suspicion }: Run) {
  const suspects = suspicion ? JSON.stringify(suspicion.clients) : null;
  const suspectedAt = suspicion?.at ?? null;
  return { guid, userId, evidence, generation, length, clients: JSON.stringify(clients), suspectedAt, suspects };
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
