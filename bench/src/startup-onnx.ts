import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as runtime from 'onnxruntime-web';
import { onnxForward } from './engines.ts';
import { image, report } from './startup-report.ts';

// `startup-onnx.ts <folder>`: the same by onnxruntime-web.
const folder = process.argv[2]!;
runtime.env.wasm.numThreads = 1;
const before = process.memoryUsage.rss();
const file = readFileSync(join(folder, 'model.onnx'));
const forward = await onnxForward(runtime, file, 'image', 'wasm');
await forward({ image, text: { ids: new Int32Array(0), mask: new Int32Array(0), shape: [0, 0] } });
report(before, file.length);
