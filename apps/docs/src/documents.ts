import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { changesText } from './changes.ts';

const docs = fileURLToPath(new URL('../../../docs/', import.meta.url));
const repository = 'https://github.com/diptych/diptych/blob/main';

/** Documents of the repository that the site shows as they stand, by what it calls them. */
const documents = {
  runtimes: 'runtimes.md',
  performance: 'performance.md',
  parity: 'parity.md',
  deployment: 'deployment.md',
  fleet: 'fleet.md',
  'threat-model': 'threat-model.md',
  architecture: 'architecture.md',
  decisions: 'decisions.md',
} as const;

/** All of them, and what is written of the notes of releases. */
export const documentNames = [...(Object.keys(documents) as (keyof typeof documents)[]), 'changes'] as const;
export type DocumentName = (typeof documentNames)[number];

/** A document, its links to files of the repository made such as work on the site. */
export async function documentText(name: DocumentName): Promise<string> {
  if (name === 'changes') return changesText();
  return withoutGraphs(linked(await readFile(`${docs}${documents[name]}`, 'utf8')));
}

/** A graph of Mermaid, whose library is larger than the site, as the list of its arrows. */
function withoutGraphs(text: string): string {
  return text.replaceAll(/```mermaid\n([^]*?)```/g, (_, graph: string) => {
    const names = new Map([...graph.matchAll(/^ *(\w+)\["(.+)"\]$/gm)].map(([, id, name]) => [id!, name!]));
    const arrows = [...graph.matchAll(/^ *(\w+) --> (\w+)$/gm)];
    const rows = [...names].map(([id, name]) => {
      const needed = arrows.filter(([, from]) => from === id).map(([, , to]) => `\`${names.get(to!)}\``);
      return `| \`${name}\` | ${needed.join(', ')} |`;
    });
    return ['| package | needs |', '| --- | --- |', ...rows, ''].join('\n');
  });
}

/** @param text Markdown of a file in `docs`. */
function linked(text: string): string {
  return text.replaceAll(/\]\((?!https?:|#|\/)([^)\s]+)\)/g, (_, target: string) => {
    const { pathname, hash } = new URL(target, 'file:///docs/');
    if (pathname === '/docs/models.md') return '](/models)';
    const name = Object.entries(documents).find(([, file]) => pathname === `/docs/${file}`)?.[0];
    return name ? `](/project/${name}${hash})` : `](${repository}${pathname}${hash})`;
  });
}
