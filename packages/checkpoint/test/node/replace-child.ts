import { encodeSafetensors } from '@diptych/checkpoint';
import { replaceFile } from '@diptych/files/node';

/** Replaces one file over and over, each time by 4 MB of the next number. */
const [path = ''] = process.argv.slice(2);
for (let number = 1; ; number++) {
  await replaceFile(path, encodeSafetensors([['x', { shape: [1_000_000], data: new Float32Array(1e6).fill(number) }]]));
  process.stdout.write(`${number}\n`);
}
