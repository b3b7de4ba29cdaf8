import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { processorClock } from './interleave.ts';
import { measureTraining, trainingLine } from './training-step.ts';

const { values: options } = parseArgs({ options: { json: { type: 'string' } } });
const result = await measureTraining(processorClock);
console.log(`node ${process.version}, ${trainingLine(result)}`);
if (options.json) writeFileSync(options.json, `${JSON.stringify(result, null, 2)}\n`);
