import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describeGolden, goldenPath } from '@diptych/golden';
import { expect, it } from 'vitest';
import { tinyClipFolder } from './tiny-clip.ts';
import { temporaryFolder } from './workspace.ts';

const inPackage = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** A folder with what the README's commands name: `clip`, `photos`, `query.jpg`, and `bin/diptych`. */
async function setUp(): Promise<string> {
  const folder = await temporaryFolder();
  await rename(await tinyClipFolder(), join(folder, 'clip'));
  await mkdir(join(folder, 'photos'));
  const photo = goldenPath('data/flickr8k/images/1000268201_693b08cb0e.jpg');
  for (const path of ['photos/child.jpg', 'query.jpg']) await cp(photo, join(folder, path));
  await mkdir(join(folder, 'bin'));
  const node = `${process.execPath} --conditions=@diptych/source --import ${import.meta.resolve('tsx')}`;
  const script = `#!/bin/sh\nexec ${node} ${inPackage('src/main.ts')} "$@"\n`;
  await writeFile(join(folder, 'bin/diptych'), script, { mode: 0o755 });
  return folder;
}

describeGolden('the README', () => {
  it('shows commands that work', async () => {
    const [, commands] = /```sh\n(diptych.*?)```/s.exec(await readFile(inPackage('README.md'), 'utf8'))!;
    const folder = await setUp();
    const env = { ...process.env, PATH: `${join(folder, 'bin')}${delimiter}${process.env['PATH']}` };
    const shell = spawn('sh', ['-e', '-c', commands!], { cwd: folder, env });
    const [stdout, stderr, [code]] = await Promise.all([text(shell.stdout), text(shell.stderr), once(shell, 'exit')]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const photo = JSON.stringify('photos/child.jpg');
    expect(stdout).toMatch(/^\{"model":"clip","architecture":"clip",/);
    expect(stdout).toContain('{"text":"a red bicycle","embedding":[');
    expect(stdout).toMatch(new RegExp(`"query":"query.jpg","rank":1,"score":(1|0.99\\d+),"path":${photo}`));
    expect(stdout).toMatch(new RegExp(`\\{"path":${photo},"predictions":\\[\\{"label":"(dog|child|bicycle)"`));
  });
});
