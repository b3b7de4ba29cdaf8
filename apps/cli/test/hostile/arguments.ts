import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddingError } from '@diptych/core';
import { runCli } from '../run-cli.ts';
import { type HostileCase, type HostileKind, nested } from './case.ts';

const folder = await mkdtemp(join(tmpdir(), 'hostile-'));
const written = async (name: string, content: string) => {
  await writeFile(join(folder, name), content);
  return join(folder, name);
};

/** The exit code and what standard error begins with, as an error. */
export async function refusal(args: readonly string[]): Promise<void> {
  const { code, stderr } = await runCli(args);
  if (code === 0) return;
  const [, known] = /^diptych: (?:\S+: )?([A-Z_]+): /.exec(stderr) ?? [];
  if (/^ {4}at /m.test(stderr)) throw new Error(`a stack: ${stderr}`);
  throw new EmbeddingError((known ?? 'INPUT_INVALID') as 'INPUT_INVALID', {
    where: 'stderr',
    expected: 'none',
    got: stderr,
  });
}

const table: readonly (readonly [name: string, args: () => Promise<readonly string[]>, code: string, says: RegExp])[] =
  [
    ['an unknown command', async () => ['\u001B[2Jx'], 'INPUT_INVALID', /unknown command/],
    ['an unknown option', async () => ['info', '--model', folder, '--constructor'], 'INPUT_INVALID', /unknown option/],
    ['a model that is not there', async () => ['info', '--model', '/nowhere/at/all'], 'NOT_FOUND', /nowhere/],
    ['a model that is a device', async () => ['info', '--model', '/dev/null'], 'NOT_FOUND', /dev\/null/],
    ['a folder that is empty', async () => ['info', '--model', folder], 'NOT_FOUND', /expected config\.json/],
    [
      'a training of 100,000 levels',
      async () => ['train', await written('deep.json', nested(1e5)), '--output', join(folder, 'o')],
      'CONFIG_INVALID',
      /deep\.json: expected JSON with at most 64 levels/,
    ],
    [
      'a training that is a list',
      async () => ['train', await written('list.json', '[]'), '--output', join(folder, 'o')],
      'CONFIG_INVALID',
      /list\.json: expected a JSON object/,
    ],
    [
      'a training of 20 MB',
      async () => ['train', await written('large.json', ' '.repeat(2e7)), '--output', join(folder, 'o')],
      'CONFIG_INVALID',
      /large\.json: expected at most 16777216 bytes/,
    ],
    [
      'a training of unknown fields',
      async () => ['train', await written('fields.json', '{"__proto__x":1}'), '--output', join(folder, 'o')],
      'CONFIG_INVALID',
      /__proto__x/,
    ],
    [
      'an alignment of 100,000 levels',
      async () => ['align', await written('align.json', nested(1e5)), '--output', join(folder, 'o')],
      'CONFIG_INVALID',
      /align\.json: expected JSON with at most 64 levels/,
    ],
    [
      'a reference of 100,000 levels',
      async () => ['verify', '--model', folder, '--reference', await written('reference.json', nested(1e5))],
      'INPUT_INVALID',
      /reference\.json: expected JSON with at most 64 levels/,
    ],
    ['no batch', async () => ['bench', '--batch', '0'], 'INPUT_INVALID', /whole number/],
    ['a batch beyond every number', async () => ['bench', '--batch', '9'.repeat(400)], 'INPUT_INVALID', /whole number/],
    [
      'a precision of another kind',
      async () => ['embed', folder, '--precision', 'constructor'],
      'INPUT_INVALID',
      /precision/,
    ],
    [
      'a revision in the parent',
      async () => ['info', '--model', 'org/model', '--revision', '../../x'],
      'INPUT_INVALID',
      /expected a branch, tag or commit/,
    ],
  ];

const cases: readonly HostileCase[] = table.map(([name, args, code, says]) => ({
  name,
  code,
  says,
  run: async () => refusal(await args()),
}));

export const kind: HostileKind = { cases, honest: async () => refusal(['--help']) };
