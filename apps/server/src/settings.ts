import { readFile } from 'node:fs/promises';
import { EmbeddingError, parseJsonObject } from '@diptych/core';
import { z } from 'zod';

const units: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KIB: 2 ** 10,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
};

const bytes = z.union([z.int().positive(), z.string()]).transform((value, context) => {
  if (typeof value === 'number') return value;
  const [, number = '', unit = 'B'] = /^([\d.]+)\s*([a-z]*)$/i.exec(value) ?? [];
  const size = Number(number) * (units[(unit || 'B').toUpperCase()] ?? Number.NaN);
  if (Number.isFinite(size) && size >= 1) return Math.floor(size);
  context.addIssue({ code: 'custom', message: `expected a size as 500MB or 4GiB, got '${value}'` });
  return z.NEVER;
});

const whole = z.coerce.number().int();
const yesOrNo = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);
const list = z.union([
  z.array(z.string()),
  z.string().transform((text) => text.split(',').filter((one) => one !== '')),
]);

/** Every setting: a flag in kebab case, `DIPTYCH_` and upper snake case in the environment, or a field of the file. */
export const settingsSchema = z.strictObject({
  model: list
    .pipe(z.array(z.string()).min(1))
    .default(['emoji'])
    .describe(
      'model to serve: a folder, org/name of the hub, a URL, emoji or photo; name=source gives it a name (repeatable)',
    ),
  host: z.string().default('127.0.0.1').describe('address to listen on'),
  port: whole.min(0).max(65_535).default(7997).describe('port to listen on; 0 for a free one'),
  dtype: z.enum(['float32', 'int16', 'int8']).optional().describe('what linear layers keep their weights as'),
  replicas: whole.min(1).max(256).default(1).describe('processes for each model'),
  lazy: yesOrNo.default(false).describe('load a model when it is first asked for'),
  memory: bytes
    .default(8e9)
    .describe('memory for the weights of all models; the least recently used are unloaded beyond it'),
  batchSize: whole.min(1).max(4096).default(32).describe('most items of a batch'),
  batchBytes: bytes.default(64e6).describe('most bytes of a batch'),
  batchWait: z.coerce.number().min(0).max(1000).default(2).describe('ms that a batch which is not full waits for more'),
  queue: whole
    .min(1)
    .default(2048)
    .describe('most items that wait for each model; beyond it requests are answered 429'),
  headTimeout: whole.min(1).default(10_000).describe('ms in which the head of a request must have come'),
  requestTimeout: whole.min(1).default(60_000).describe('ms in which all of a request must have come'),
  idleTimeout: whole.min(1).default(65_000).describe('ms for which a connection is kept without a request'),
  deadline: whole.min(1).default(60_000).describe('ms after which a request is given up'),
  maxItems: whole.min(1).default(2048).describe('most texts, images and sounds of a request'),
  maxText: whole.min(1).default(100_000).describe('most letters of a text'),
  maxBody: bytes.default(32e6).describe('most bytes of a request'),
  maxImage: bytes.default(20e6).describe('most bytes of an image or a sound'),
  maxPixels: whole.min(1).default(50_000_000).describe('most pixels of an image'),
  imageUrls: yesOrNo.default(true).describe('follow addresses of images and sounds on the public Internet'),
  imageHost: list
    .default([])
    .describe('host whose images and sounds are read though its address is private (repeatable)'),
  imageTimeout: whole.min(1).default(10_000).describe('ms for an image or a sound at an address'),
  apiKeyFile: z.string().optional().describe('file with an API key a line; DIPTYCH_API_KEYS has them with commas'),
  apiKeys: list.default([]),
  cors: list.default([]).describe('origin whose pages may ask (repeatable); * for all'),
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info').describe('what is logged'),
});

export type Settings = z.infer<typeof settingsSchema>;
export type SettingName = keyof Settings;

/** Keys are secret, so no flag has them: a list of processes would show it. */
export const flags = Object.entries(settingsSchema.shape).flatMap(([name, schema]) => {
  const { description } = schema;
  return description === undefined ? [] : [{ name: name as SettingName, flag: kebab(name), description }];
});

/**
 * Settings of flags, then of the environment, then of a file, then the defaults.
 *
 * @throws {EmbeddingError} `CONFIG_INVALID` for a setting that is unknown or not what it says.
 */
export async function readSettings(
  given: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string | undefined>>,
  file?: string,
): Promise<Settings> {
  const fromFile = file === undefined ? {} : parseJsonObject(await readFile(file), file);
  const fromEnvironment = Object.fromEntries(
    Object.keys(settingsSchema.shape).flatMap((name) => {
      const value = environment[`DIPTYCH_${kebab(name).replaceAll('-', '_').toUpperCase()}`];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const read = settingsSchema.safeParse({ ...fromFile, ...fromEnvironment, ...given });
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new EmbeddingError('CONFIG_INVALID', {
      where: `setting ${issue?.path.join('.') || 'file'}`,
      expected: 'what diptych-server --help says',
      got: issue?.message,
    });
  }
  const settings = read.data;
  if (settings.apiKeyFile === undefined) return settings;
  const keys = (await readFile(settings.apiKeyFile, 'utf8')).split(/\r?\n/).map((line) => line.trim());
  return { ...settings, apiKeys: [...settings.apiKeys, ...keys.filter((key) => key !== '' && !key.startsWith('#'))] };
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
