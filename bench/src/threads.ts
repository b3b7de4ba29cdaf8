import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { type Arithmetic, useBackend } from '@diptych/backend-wasm';
import { seededRandom } from '@diptych/nn';
import { freeCores } from './cores.ts';
import { batches } from './engines.ts';
import { interleave, median, ratio, wallClock } from './interleave.ts';
import { imageModel, textModel } from './models.ts';

// How much faster CLIP's towers run on several threads than on one, by the clock on the wall, interleaved.
const { values: options } = parseArgs({
  options: {
    threads: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '9' },
    batches: { type: 'string', default: '1,8' },
    arithmetic: { type: 'string', default: 'float32,int8' },
    towers: { type: 'string', default: 'image,text' },
  },
});
const threads = Number(options.threads);
const counts = [1, threads];
const towers = { image: imageModel, text: textModel };

await useBackend('wasm', { threads });
const free = async () => (await freeCores(threads)).toFixed(2);
console.log(`node ${process.version}, load ${loadavg()[0]!.toFixed(2)}, ${await free()} of ${threads} cores free`);
const random = seededRandom(7);
for (const arithmetic of options.arithmetic.split(',') as Arithmetic[]) {
  for (const tower of options.towers.split(',') as ('image' | 'text')[]) {
    const model = towers[tower]();
    for (const n of options.batches.split(',').map(Number)) {
      const batch = batches(n, random);
      const outputs: Float32Array[] = [];
      const tasks = counts.map((count, i) => async () => {
        await useBackend('wasm', { threads: count, arithmetic });
        outputs[i] = model.forward(batch);
      });
      const [one, several] = await interleave(tasks, Number(options.rounds), wallClock);
      const speed = ratio(several!, one!);
      const same = outputs[0]!.every((value, i) => Object.is(value, outputs[1]![i]));
      console.log(
        `${tower} b${n} ${arithmetic}: ${median(one!).toFixed(1)} ms on one thread, ${threads}: ` +
          `${median(several!).toFixed(1)} ms, ${speed.median.toFixed(2)}x (${speed.low.toFixed(2)} to ` +
          `${speed.high.toFixed(2)}), ${same ? 'the same bits' : 'OTHER NUMBERS'}`,
      );
    }
    model.free();
  }
}
console.log(`${await free()} of ${threads} cores free`);
