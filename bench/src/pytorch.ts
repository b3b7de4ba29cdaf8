import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { useBackend } from '@diptych/backend-wasm';
import { enableAutodiff } from '@diptych/nn/autodiff';
import { median, processorClock, ratio } from './interleave.ts';
import { pythonPeer } from './python-peer.ts';
import { lossTasks } from './pytorch-losses.ts';
import { stepTasks } from './pytorch-steps.ts';

// Losses of 256 x 512 with their gradients, and whole steps of training, against PyTorch on one thread; needs `python3`
// with it. `pytorch.ts [--only vsepp,gru] [--rounds 7] [--wide]`; --wide lets V8 join vectors of four numbers to vectors of
// eight, its experiment.
const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, only: { type: 'string' }, wide: { type: 'boolean' } },
});

if (options.wide) setFlagsFromString('--experimental-wasm-revectorize');
await useBackend('wasm', { threads: 1 });
await enableAutodiff();
const tasks: Readonly<Record<string, () => () => void>> = { ...(await lossTasks()), ...stepTasks };
using torch = pythonPeer('pytorch.py');
for (const name of options.only?.split(',') ?? Object.keys(tasks)) {
  const task = tasks[name]!();
  const times: { ours: number[]; torch: number[] } = { ours: [], torch: [] };
  // Both compile at first, and JavaScript for longer.
  for (const end = processorClock() + 1000; processorClock() < end;) task();
  for (let round = -3; round < Number(options.rounds); round++) {
    const start = processorClock();
    task();
    const ours = processorClock() - start;
    const theirs = Number(await torch.ask(name));
    if (round < 0) continue;
    times.ours.push(ours);
    times.torch.push(theirs);
  }
  const share = ratio(times.torch, times.ours);
  console.log(
    `${name}: ${median(times.ours).toFixed(2)} ms, PyTorch ${median(times.torch).toFixed(2)} ms, ` +
      `${share.median.toFixed(2)} times (${share.low.toFixed(2)} to ${share.high.toFixed(2)})`,
  );
}
