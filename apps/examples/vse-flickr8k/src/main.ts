import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { plan } from './plan.ts';
import { runAll } from './run-all.ts';
import { writeReport } from './write-report.ts';

const shared = resolve(import.meta.dirname, '../../../../../shared/data/flickr8k');
const { values } = parseArgs({
  options: {
    data: { type: 'string', default: shared },
    out: { type: 'string', default: resolve(import.meta.dirname, '../out') },
    workers: { type: 'string', default: '2' },
  },
});

await runAll(plan, { data: values.data, runs: join(values.out, 'runs'), workers: Number(values.workers) });
console.log(await writeReport(values.out, plan));
