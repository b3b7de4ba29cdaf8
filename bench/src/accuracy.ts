import { seededRandom } from '@diptych/core';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { useBackend } from '@diptych/backend-wasm';
import { imageConfig } from './clip-b32.ts';
import { type Agreement, compare } from './compare.ts';
import { batches } from './engines.ts';
import { imageModel, textModel } from './models.ts';
import type { Tower } from './measure.ts';
import { injections } from './outliers.ts';
import { webPeers } from './peers.ts';

// How exact integers are, on random weights and on such with channels far out, as trained models have them.
const { values: options } = parseArgs({
  options: {
    injections: { type: 'string', default: Object.keys(injections).join(',') },
    towers: { type: 'string', default: 'image,text' },
    peers: { type: 'string', default: 'web' },
    items: { type: 'string', default: '8' },
    json: { type: 'string' },
  },
});

/** Cosines of an engine's embeddings with those of our own float32. */
interface Row {
  readonly injection: string;
  readonly tower: Tower;
  readonly name: string;
  readonly agreement: Agreement;
}

const { kernels } = await useBackend('wasm');
console.log(`node ${process.version}, kernels ${kernels}, ${options.items} items; lowest cosine with float32`);
const peers = options.peers.includes('web') ? await webPeers() : [];
const batch = batches(Number(options.items), seededRandom(7));
const rows: Row[] = [];
for (const injection of options.injections.split(',')) {
  for (const tower of options.towers.split(',') as Tower[]) {
    for await (const row of measure(injection, tower)) {
      rows.push(row);
      console.log(lineOf(row));
    }
  }
}
if (options.json) writeFileSync(options.json, `${JSON.stringify(rows, null, 2)}\n`);

async function* measure(injection: string, tower: Tower): AsyncGenerator<Row> {
  const inject = injections[injection];
  if (!inject)
    throw new Error(`--injections: expected some of ${Object.keys(injections).join(', ')}, got '${injection}'`);
  const make = tower === 'image' ? imageModel : textModel;
  const exact = await make('float32', inject);
  const reference = exact.forward(batch);
  const row = (name: string, out: Float32Array): Row => {
    return { injection, tower, name, agreement: compare(out, reference, imageConfig.dim) };
  };
  for (const dtype of ['int16', 'int8'] as const) {
    const model = await make(dtype, inject);
    yield row(`diptych ${dtype}`, model.forward(batch));
    model.free();
  }
  for (const { name, arithmetic, start } of peers) {
    if (arithmetic === 'int8') yield row(name, await (await start(exact.model(arithmetic), tower))(batch));
  }
  exact.free();
}

function lineOf({ injection, tower, name, agreement: { cosine, centred } }: Row): string {
  const cosines = `${cosine.toFixed(6)}, centred ${centred.toFixed(6)}`;
  return [`outliers: ${injection}`.padEnd(19), tower.padEnd(6), name.padEnd(20), cosines].join('  ');
}
