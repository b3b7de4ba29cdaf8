import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import { defaultClientConditions, defaultServerConditions } from 'vite';
import { defineConfig, type TestProjectInlineConfiguration, type ViteUserConfig } from 'vitest/config';
import type { BrowserConfigOptions } from 'vitest/node';
import type { Scripts } from './tools/bundled-scripts.ts';
import { readmeExample } from './tools/readme-example.ts';

const repository = fileURLToPath(new URL('.', import.meta.url));
const shared = fileURLToPath(new URL('../shared', import.meta.url));
const bundledScripts = fileURLToPath(new URL('tools/bundled-scripts.ts', import.meta.url));
const hasShared = existsSync(shared);
if (!hasShared && process.env['CI']) throw new Error(`reference values not found at ${shared}`);

const source = '@diptych/source';

/** Extra test settings of one package. Globs are relative to the package. */
export interface TestOptions {
  /** Test files that only run in Node. */
  readonly nodeOnly?: readonly string[];
  /** Test files that only run in Chromium. */
  readonly browserOnly?: readonly string[];
  /** Files that tests in Node start as processes, bundled before: `bundled()` of `@diptych/golden` says where. */
  readonly scripts?: Scripts;
  /** Packages that only a dynamic import names: found late, they would reload the page in the middle of a test. */
  readonly prebundle?: readonly string[];
  /** Test files that also run on WebGPU, on Chromium's software adapter, beside those of `test/webgpu`, which run nowhere else. */
  readonly webgpu?: readonly string[];
  /** Whether pages are cross-origin isolated, so that threads can share memory. */
  readonly isolated?: boolean;
}

const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** One `node` and one `browser` project over the same test files. */
export function testConfig(options: TestOptions = {}): ViteUserConfig {
  const { nodeOnly = [], browserOnly = [], scripts = [], prebundle = [], webgpu = [], isolated = false } = options;
  const all = ['test/**/*.test.ts'];
  const onWebgpu = ['test/webgpu/*.test.ts'];
  return defineConfig({
    plugins: [readmeExample()],
    define: { __SHARED__: JSON.stringify(hasShared ? shared : ''), __WEBGPU__: 'false' },
    resolve: { conditions: [source, ...defaultClientConditions] },
    optimizeDeps: { include: [...prebundle] },
    ssr: {
      resolve: {
        conditions: [source, ...defaultServerConditions],
        externalConditions: [source, 'node', 'module-sync'],
      },
    },
    server: { fs: { allow: [repository, shared] }, headers: isolated ? isolation : {} },
    test: {
      testTimeout: 120_000,
      hookTimeout: 120_000,
      // What is waited for takes as long as the machine needs.
      expect: { poll: { timeout: 60_000 } },
      passWithNoTests: false,
      // tfjs reports every failed start on the console; only a failing test has something to say.
      silent: 'passed-only',
      projects: [
        {
          extends: true,
          test: {
            name: 'node',
            include: all,
            exclude: [...browserOnly, ...onWebgpu],
            ...(scripts.length > 0 && { globalSetup: bundledScripts, provide: { scripts } }),
          },
        },
        {
          extends: true,
          test: {
            name: 'browser',
            include: all,
            exclude: [...nodeOnly, ...onWebgpu],
            browser: chromium('--disable-gpu'),
          },
        },
        ...(webgpu.length > 0 ? [webgpuProject([...webgpu, ...onWebgpu])] : []),
      ],
    },
  });
}

/** Of no matter which machine: the adapter is a program. Where it is missing the tests fail. */
function webgpuProject(include: readonly string[]): TestProjectInlineConfiguration {
  return {
    extends: true,
    define: { __WEBGPU__: 'true' },
    optimizeDeps: { include: ['@diptych/testkit > @tensorflow/tfjs-backend-webgpu'] },
    test: {
      name: 'webgpu',
      include: [...include],
      // A processor compiles dozens of shaders on the first pass of a page.
      testTimeout: 600_000,
      browser: chromium('--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'),
    },
  };
}

function chromium(...args: readonly string[]): BrowserConfigOptions {
  return {
    enabled: true,
    headless: true,
    screenshotFailures: false,
    provider: playwright({
      launchOptions: {
        executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-background-networking', ...args],
      },
    }),
    instances: [{ browser: 'chromium' }],
  };
}
