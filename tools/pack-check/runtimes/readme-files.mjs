import { execFile } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const pictures = {
  'rocket.png': 'data/emoji/fluentflat/1f680.png',
  'dog.png': 'data/emoji/fluentflat/1f415.png',
  'cat.png': 'golden/mira/images/10000.png',
};

const code = `
  import { mkdir, writeFile } from 'node:fs/promises';
  globalThis.__SHARED__ = process.argv[1];
  const { smallClipFiles } = await import('./packages/diptych/test/small-clip.ts');
  await mkdir(process.argv[2]);
  for (const [name, blob] of Object.entries(await smallClipFiles())) {
    await writeFile(process.argv[2] + '/' + name, blob.stream());
  }
`;

/** Writes into `folder` what READMEs take for granted: pictures and a CLIP. */
export async function writeReadmeFiles(root, folder) {
  const shared = join(root, '../shared');
  for (const [name, path] of Object.entries(pictures)) await cp(join(shared, path), join(folder, name));
  const flags = ['--conditions=@diptych/source', '--import', 'tsx', '--input-type=module', '--eval', code, '--'];
  await run(process.execPath, [...flags, shared, join(folder, 'clip-vit-base-patch32')], { cwd: root });
}
