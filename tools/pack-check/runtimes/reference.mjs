import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

const code = `
  import { emoji } from './packages/model-emoji/src/index.ts';
  import { open } from './packages/diptych/src/index.ts';
  const space = await open(emoji, { backend: 'wasm' });
  const text = await space.embed('text', ['a red apple']);
  const image = await space.embed('image', ['tools/pack-check/places/picture.png']);
  console.log(JSON.stringify({ text: [...text.data], image: [...image.data] }));
`;

/** What every place is compared with: the vectors of the workspace's own source in this Node. */
export async function embedInWorkspace(root) {
  const flags = ['--conditions=@diptych/source', '--import', 'tsx', '--input-type=module', '--eval', code];
  const { stdout } = await run(process.execPath, flags, { cwd: root });
  return JSON.parse(stdout);
}
