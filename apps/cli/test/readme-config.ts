import { readFile } from 'node:fs/promises';

export const readme: string = await readFile(new URL('../README.md', import.meta.url), 'utf8');

/** The first configuration behind its name in the README. */
export function readmeConfig(name: string): string {
  const [, config] = new RegExp(`\`${name}\`.*?\`\`\`json\n(.*?)\`\`\``, 's').exec(readme)!;
  return config!;
}
