import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { bundled, describeGolden, goldenPath } from '@diptych/golden';
import { expect, it } from 'vitest';
import { withHub } from './hub-server.ts';
import { readme, readmeConfig } from './readme-config.ts';
import { recordings, tinyClapFolder } from './tiny-clap.ts';
import { tinyClipFolder } from './tiny-clip.ts';
import { colourData, configFile } from './training-data.ts';
import { temporaryFolder } from './workspace.ts';

/** A folder with what the README's commands name: `clip`, `photos`, `query.jpg`, and `bin/diptych`. */
async function setUp(): Promise<string> {
  const folder = await temporaryFolder();
  await rename(await tinyClipFolder(), join(folder, 'clip'));
  await mkdir(join(folder, 'photos'));
  const photo = goldenPath('data/flickr8k/images/1000268201_693b08cb0e.jpg');
  for (const path of ['photos/child.jpg', 'query.jpg']) await cp(photo, join(folder, path));
  await addProgram(folder);
  return folder;
}

async function addProgram(folder: string): Promise<void> {
  await mkdir(join(folder, 'bin'));
  const script = `#!/bin/sh\nexec ${process.execPath} ${bundled('src/main.ts')} "$@"\n`;
  await writeFile(join(folder, 'bin/diptych'), script, { mode: 0o755 });
}

/** Runs the README's commands that begin with `first` in a folder. */
async function runBlock(first: string, folder: string, environment: Readonly<Record<string, string>> = {}) {
  const [, commands] = new RegExp(`\`\`\`sh\n(${first}.*?)\`\`\``, 's').exec(readme)!;
  const PATH = `${join(folder, 'bin')}${delimiter}${process.env['PATH']}`;
  const shell = spawn('sh', ['-e', '-c', commands!], { cwd: folder, env: { ...process.env, ...environment, PATH } });
  const [stdout, stderr, [code]] = await Promise.all([text(shell.stdout), text(shell.stderr), once(shell, 'exit')]);
  return { code: code as number, stdout, stderr };
}

/** The same with a hub that has the tiny CLIP under the name of a large one. */
async function runWithHub(first: string) {
  const folder = await setUp();
  const names = await readdir(join(folder, 'clip'));
  const files = names.map(async (name) => [name, await readFile(join(folder, 'clip', name))] as const);
  const { cache } = await withHub({
    'openai/clip-vit-base-patch32': { ...Object.fromEntries(await Promise.all(files)), 'README.md': '# CLIP' },
  });
  return { ...(await runBlock(first, folder)), cache };
}

it('the README aligns features with words', async () => {
  const folder = await colourData();
  await addProgram(folder);
  await configFile(folder, readmeConfig('align.json'), 'align.json');
  const { code, stdout, stderr } = await runBlock('diptych align', folder);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^\{"pairs":24,"columns":\[4,\d+\],"components":4,"correlations":\[0\.9/);
});

it('the README trains a model that the other commands open', async () => {
  const folder = await colourData();
  await addProgram(folder);
  await configFile(folder, readmeConfig('train.json'));
  const { code, stdout, stderr } = await runBlock('diptych train', folder);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^\{"epoch":1,"steps":\d+,"loss":/);
  expect(stdout).toContain('{"text":"a dark red wall","embedding":[');
  expect(stdout).toContain('"title":"my-model on captions.jsonl, val"');
});

/** For commands one after the other, each a process that opens a model. */
const whole = 600_000;

describeGolden('the README', () => {
  it(
    'shows commands that work',
    async () => {
      const { code, stdout, stderr } = await runWithHub('diptych info');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const photo = JSON.stringify('photos/child.jpg');
      expect(stdout).toMatch(/^\{"model":"clip","architecture":"clip",/);
      expect(stdout).toContain('{"text":"a red bicycle","embedding":[');
      expect(stdout).toMatch(new RegExp(`"query":"query.jpg","rank":1,"score":(1|0.99\\d+),"path":${photo}`));
      expect(stdout).toMatch(new RegExp(`\\{"path":${photo},"predictions":\\[\\{"label":"(dog|child|bicycle)"`));
    },
    whole,
  );

  it(
    'embeds sounds and finds them',
    async () => {
      const folder = await temporaryFolder();
      await rename(await tinyClapFolder(), join(folder, 'clap'));
      await addProgram(folder);
      await mkdir(join(folder, 'sounds'));
      const [one] = recordings;
      await writeFile(join(folder, 'sounds/rain.flac'), Buffer.from(one!.flac, 'base64'));
      await writeFile(join(folder, 'query.wav'), Buffer.from(one!.wav, 'base64'));
      const { code, stdout, stderr } = await runBlock('diptych embed --model clap', folder);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/^\{"path":"sounds\/rain.flac","embedding":\[/);
      expect(stdout).toMatch(/"query":"rain on a roof","rank":1,"score":-?[\d.]+,"path":"sounds\/rain.flac"/);
      expect(stdout).toMatch(/"query":"query.wav","rank":1,"score":(1|0.99\d+),"path":"sounds\/rain.flac"/);
    },
    whole,
  );

  it(
    'shows what works with the hub',
    async () => {
      const { code, stdout, stderr, cache } = await runWithHub('diptych embed --model openai/');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/^\{"path":"photos\/child.jpg","embedding":\[/);
      expect(stdout).toContain('{"model":"openai/clip-vit-base-patch32","architecture":"clip",');
      expect(stdout).toMatch(
        new RegExp(`^${cache}/models--openai--clip-vit-base-patch32/snapshots/[0-9a-f]{40}$`, 'm'),
      );
      expect(stdout).not.toContain('problem');
    },
    whole,
  );
});
