import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Application, type DeclarationReflection, ReflectionKind } from 'typedoc';
import { apiPages } from './api-packages.ts';

// Writes site/api, a page for each entry, of the doc comments.
const out = fileURLToPath(new URL('../site/api/', import.meta.url));
const app = await Application.bootstrapWithPlugins({
  out,
  entryPoints: apiPages.map(({ source }) => source),
  entryPointStrategy: 'resolve',
  tsconfig: fileURLToPath(new URL('../tsconfig.api.json', import.meta.url)),
  plugin: ['typedoc-plugin-markdown'],
  router: 'module',
  readme: 'none',
  gitRevision: 'main',
  sourceLinkTemplate: 'https://github.com/diptych/diptych/blob/main/packages/{path}#L{line}',
  disableGit: true,
  basePath: fileURLToPath(new URL('../../..', import.meta.url)),
  excludeInternal: true,
  excludePrivate: true,
  excludeExternals: true,
  skipErrorChecking: true,
  logLevel: 'Error',
  hideBreadcrumbs: true,
  hidePageHeader: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  // Every property is read-only; where its interface is defined stands above.
  tableColumnSettings: { hideModifiers: true, hideSources: true, hideInherited: true },
  sanitizeComments: true,
} as Parameters<typeof Application.bootstrapWithPlugins>[0]);
const project = await app.convert();
if (!project) throw new Error('typedoc: expected a project, got none');
for (const one of project.getReflectionsByKind(ReflectionKind.Module) as DeclarationReflection[]) {
  const file = one.sources?.[0]?.fullFileName;
  const page = apiPages.find(({ source }) => source === file);
  if (!page) throw new Error(`typedoc: expected a module of an entry, got ${one.name} of ${file}`);
  one.name = page.path;
}
rmSync(out, { recursive: true, force: true });
await app.generateOutputs(project);
rmSync(`${out}README.md`);
for (const { name, path } of apiPages) {
  const text = readFileSync(`${out}${path}.md`, 'utf8').replace(/^# .*$/m, `# ${name}`);
  writeFileSync(`${out}${path}.md`, `---\noutline: 3\neditLink: false\n---\n\n${text}`);
}
