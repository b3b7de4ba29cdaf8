import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const docs = fileURLToPath(new URL('../../../docs/', import.meta.url));
const repository = 'https://github.com/diptych/diptych/blob/main';

/** Documents of the repository that the site shows as they stand, by what it calls them. */
export const documents = {
  runtimes: 'runtimes.md',
  performance: 'performance.md',
  parity: 'parity.md',
  deployment: 'deployment.md',
  models: 'models.md',
  fleet: 'fleet.md',
  'threat-model': 'threat-model.md',
  architecture: 'architecture.md',
  decisions: 'decisions.md',
} as const;

/** A document, its links to files of the repository made such as work on the site. */
export async function documentText(name: keyof typeof documents): Promise<string> {
  return linked(await readFile(`${docs}${documents[name]}`, 'utf8'));
}

/** @param text Markdown of a file in `docs`. */
function linked(text: string): string {
  return text.replaceAll(/\]\((?!https?:|#|\/)([^)\s]+)\)/g, (_, target: string) => {
    const { pathname, hash } = new URL(target, 'file:///docs/');
    const name = Object.entries(documents).find(([, file]) => pathname === `/docs/${file}`)?.[0];
    return name ? `](/project/${name}${hash})` : `](${repository}${pathname}${hash})`;
  });
}
