import { Command } from 'commander';
import { flags, readSettings, settingsSchema } from './settings.ts';

const repeatable = new Set(['model', 'imageHost', 'cors']);

/**
 * The command: a server of what the arguments, the environment and a file say, until SIGTERM or SIGINT.
 *
 * @param args Without the name of the program.
 * @param name Of the program, for its help.
 */
export async function serve(args: readonly string[], name = 'diptych-server'): Promise<void> {
  const { config, ...given } = parsed(args, name);
  try {
    const settings = await readSettings(given, process.env, config as string | undefined);
    const { startServer } = await import('./server.ts');
    const server = await startServer(settings);
    let isStopping = false;
    const stop = (): void => {
      if (isStopping) process.exit(1); // Who asks twice means it.
      isStopping = true;
      void server.stop().then(() => process.exit(0));
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}

function parsed(args: readonly string[], name: string): Record<string, unknown> {
  const command = new Command(name)
    .description(
      'Embeddings of texts and images over HTTP, as the clients of OpenAI, Cohere, Voyage and Jina ask for them.',
    )
    .option('--config <file>', 'JSON file with these settings in camel case')
    .addHelpText('after', '\nEvery setting is DIPTYCH_ and its name in the environment, too: DIPTYCH_BATCH_SIZE=64.');
  for (const { name: setting, flag, description } of flags) {
    const byDefault = settingsSchema.shape[setting].safeParse(undefined).data;
    const said = [byDefault ?? []].flat().join(', ');
    const shown = said === '' ? '' : ` (default: ${said})`;
    if (repeatable.has(setting)) {
      const collect = (value: string, all: readonly string[] = []): string[] => [...all, value];
      command.option(`--${flag} <value>`, description + shown, collect);
    } else if (byDefault === false) command.option(`--${flag}`, description);
    else if (byDefault === true) command.option(`--no-${flag}`, `do not ${description}`);
    else command.option(`--${flag} <value>`, description + shown);
  }
  const given = command.parse([...args], { from: 'user' }).opts<Record<string, unknown>>();
  if (command.getOptionValueSource('imageUrls') === 'default') delete given['imageUrls'];
  return given;
}
