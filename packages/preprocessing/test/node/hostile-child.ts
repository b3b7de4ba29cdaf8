import { hostile, outcome } from './hostile-tokenizers.ts';

// A line for each, so that whoever reads them knows which one hangs.
for (const [name, one] of Object.entries(hostile)) console.log(JSON.stringify([name, outcome(one)]));
