import { expectMembers } from './arguments.ts';
import type { ConfigReader } from './config-reader.ts';
import { EmbeddingError } from './error.ts';
import { quote } from './quote.ts';

/** Fields that are not obeyed, each with the values that change nothing. One that is absent or null changes nothing. */
export type NeutralValues = Readonly<Record<string, readonly unknown[]>>;

/**
 * Refuses what a configuration asks for and nobody here would do: a setting that is passed over gives other numbers.
 *
 * @throws {EmbeddingError} `UNSUPPORTED` for the first field with a value that is not among its neutral ones.
 */
export function refuseSettings(config: ConfigReader, neutral: NeutralValues): void {
  expectMembers(config, 'refuseSettings: config', 'has', 'value');
  for (const [field, values] of Object.entries(neutral)) {
    if (!config.has(field)) continue;
    const got = quote(config.value(field));
    const allowed = values.map(quote);
    if (allowed.includes(got)) continue;
    const expected = allowed.length > 0 ? allowed.join(' or ') : 'no such field';
    throw new EmbeddingError('UNSUPPORTED', { where: `${config.where}: ${field}`, expected, got });
  }
}
