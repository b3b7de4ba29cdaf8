/** What is looked at of a `package.json`. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly license?: string;
  readonly repository?: { readonly url?: string; readonly directory?: string };
  readonly engines?: Readonly<Record<string, string>>;
  readonly exports?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** A package as a registry got it. */
export interface Published {
  readonly manifest: Manifest;
  /** Paths in its tarball, `package/` left out. */
  readonly files: readonly string[];
  /** Its `CHANGELOG.md`. */
  readonly changelog: string;
}

/** Licences that ask of a user's program no more than to name them. */
const permissive = new Set([
  'Apache-2.0',
  'MIT',
  'MIT-0',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Unlicense',
  'Zlib',
]);

/** A library of its own file, which `sharp` loads and a user may replace: what the LGPL asks for. */
const replaceable = /^@img\/sharp-/;

/** What else than code, declarations and weights a package of ours is published with. */
const shipped =
  /^(?:package\.json|README\.md|LICENSE|CHANGELOG\.md|NOTICE|MODEL_CARD\.md|bin\/[\w-]+\.js|dist\/.+\.(?:js|wasm|json|safetensors|d\.ts))$/;

/**
 * What is wrong with a package that would be published, one line each.
 *
 * @param own Names of the packages that are released together, all at `version`.
 */
export function wrongInPackage(
  { manifest, files, changelog }: Published,
  version: string,
  own: ReadonlySet<string>,
): string[] {
  const needed = { ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies };
  const wrong = [
    manifest.version !== version && `version ${manifest.version}`,
    manifest.license !== 'Apache-2.0' && `licence ${manifest.license}`,
    manifest.repository?.url !== 'git+https://github.com/diptych/diptych.git' &&
      'no repository.url, which provenance is of',
    !manifest.repository?.directory && 'no repository.directory',
    !manifest.description && 'no description',
    !manifest.engines?.node && 'no engines.node',
    JSON.stringify(manifest.exports ?? {}).includes('@diptych/source') && 'exports of sources',
    !changelog.includes(`\n## ${version}\n`) && `no changes of ${version} in its changelog`,
    ...['README.md', 'LICENSE', 'CHANGELOG.md'].map((file) => !files.includes(file) && `no ${file}`),
    ...files.filter((file) => !shipped.test(file)).map((file) => `a file ${file}`),
    ...Object.entries(needed).map(([name, range]) => wrongRange(name, range, version, own)),
  ];
  return wrong.filter((line) => typeof line === 'string');
}

function wrongRange(name: string, range: string, version: string, own: ReadonlySet<string>): string | false {
  const right = own.has(name)
    ? range === version || range === `^${version}`
    : !/^(?:workspace|catalog|file|link):/.test(range);
  return !right && `a range ${name}@${range}`;
}

/** What is wrong with the licences of packages that a user gets, one line each. */
export function wrongLicences(installed: readonly { readonly name: string; readonly license: unknown }[]): string[] {
  return installed
    .filter(({ name, license }) => !isPermissive(license) && !(replaceable.test(name) && /LGPL/.test(String(license))))
    .map(({ name, license }) => `${name}: ${JSON.stringify(license)}`);
}

/** An SPDX expression, of which `OR` leaves the choice and `AND` does not. */
function isPermissive(license: unknown): boolean {
  if (typeof license !== 'string') return false;
  const bare = license.replaceAll(/[()]/g, '');
  return bare.split(' OR ').some((one) => one.split(' AND ').every((name) => permissive.has(name)));
}
