import { build } from 'esbuild';
import metaUrl from '@chialab/esbuild-plugin-meta-url';

await build({
  entryPoints: ['main.js'],
  outdir: 'public',
  bundle: true,
  format: 'esm',
  minify: true,
  plugins: [metaUrl()],
});
