import { median } from '../test/support/statistics.js';
import { PEERS } from './contenders/peers.js';
import { withApp } from './contenders/running-app.js';
import { jobOf } from './load/load-job.js';
import { alignedTable } from './report/table.js';
import { type Calm, measureStorm } from './storm/measure-storm.js';
import { inSurroundings, say } from './suite.js';
import { readOptions } from './support/options.js';
import { usersOf } from './support/users.js';

/** How four hundred sign-ins at once, again and again, affect checks. */
const SIGN_INS = 400;
const PER_SECOND = 200;

const options = readOptions(process.argv.slice(2), process.env);
const chosen = options.only.length > 0 ? options.only : ['strict-PostgreSQL', 'strict-MariaDB', 'strict-SQLite'];
const contenders = PEERS.filter(({ id }) => chosen.includes(id));
await inSurroundings(contenders, async (surroundings) => {
  const rows: string[][] = [];
  for (const contender of contenders) {
    const rounds: Calm[] = [];
    while (rounds.length < options.rounds) {
      rounds.push(
        await withApp(contender, { ...surroundings, server: surroundings.anyCore }, async (app) => {
          const signedIn = await app.signIn(usersOf(options.sessions), true);
          return measureStorm(app, { ...jobOf(app, signedIn, options), perSecond: PER_SECOND }, SIGN_INS);
        }),
      );
    }
    const of = (what: (round: Calm) => number) => median(rounds.map(what)).toFixed(1);
    const ratios = rounds.map(({ idle, storm }) => (storm / idle).toFixed(2)).join(' ');
    rows.push([contender.title, of(({ idle }) => idle), of(({ storm }) => storm), ratios, of((one) => one.signIns)]);
    say(`  ${contender.title}: × ${ratios}`);
  }
  const columns = ['checks', 'p99 ms idle', `p99 ms, ${SIGN_INS} sign-ins at once`, '× each round', 'sign-ins/s'];
  say(`\n${alignedTable({ columns, rows })}`);
});
