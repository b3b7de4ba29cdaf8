import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from './workspace.ts';

it('runs the server that is installed in the folder, with its options', async () => {
  const folder = await temporaryFolder();
  const installed = join(folder, 'node_modules', '@diptych', 'server');
  await mkdir(installed, { recursive: true });
  await writeFile(join(installed, 'package.json'), '{ "type": "module", "exports": "./index.js" }');
  const code = `import { writeFileSync } from 'node:fs';
export const serve = (...given) => writeFileSync(${JSON.stringify(join(folder, 'given.json'))}, JSON.stringify(given));`;
  await writeFile(join(installed, 'index.js'), code);
  const { code: exit, stderr } = await runCli(['serve', '--port', '0', '--help', '--model', 'a=b'], { folder });
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  const given: unknown = JSON.parse(await readFile(join(folder, 'given.json'), 'utf8'));
  expect(given).toEqual([['--port', '0', '--help', '--model', 'a=b'], 'diptych serve']);
});

it('says what to install', async () => {
  const { code, stderr } = await runCli(['serve'], { folder: await temporaryFolder() });
  expect(stderr).toContain('npm install @diptych/server');
  expect(code).toBe(2);
});
