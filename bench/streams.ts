import { PEERS } from './contenders/peers.js';
import { withApp } from './contenders/running-app.js';
import { alignedTable } from './report/table.js';
import { openStreams } from './streams/open-streams.js';
import { inSurroundings, say } from './suite.js';
import { readOptions } from './support/options.js';
import { usersOf } from './support/users.js';

/** How many streams are open, one of each user, while nothing happens. */
const STREAMS = [0, 1_000, 10_000];
/** The seconds before the measurement, and its duration: longer than a stream stays silent. */
const [SETTLE, LOOK] = [10, 40];

const options = readOptions(process.argv.slice(2), process.env);
const chosen = options.only.length > 0 ? options.only : ['strict-PostgreSQL', 'strict-SQLite', 'strict-MariaDB'];
const contenders = PEERS.filter(({ id }) => chosen.includes(id));
await inSurroundings(contenders, async (surroundings) => {
  const rows: string[][] = [];
  for (const contender of contenders) {
    for (const count of STREAMS) {
      const { cpu, beats } = await withApp(contender, surroundings, async (app) => {
        const streams = await openStreams(app.url, await app.signIn(usersOf(count)));
        await seconds(SETTLE);
        const [before, heard] = [await app.cpu(), streams.heard()];
        await seconds(LOOK);
        const used = (await app.cpu()) - before;
        if (streams.lost() > 0) throw new Error(`${streams.lost()} of ${count} streams were lost`);
        const result = { cpu: used / LOOK / 1_000, beats: streams.heard() - heard };
        streams.close();
        return result;
      });
      rows.push([contender.title, count.toLocaleString('en'), cpu.toFixed(1), (cpu / 10).toFixed(2), String(beats)]);
      say(`  ${contender.title}, ${count} streams: ${cpu.toFixed(1)} ms of CPU a second`);
    }
  }
  const columns = ['idle streams', 'open', 'CPU ms a second', '% of a core', `beats in ${LOOK} s`];
  say(`\n${alignedTable({ columns, rows })}`);
});

function seconds(count: number): Promise<void> {
  return new Promise((done) => setTimeout(done, count * 1_000));
}
