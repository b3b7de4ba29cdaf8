import commonjs from '@rollup/plugin-commonjs';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { importMetaAssets } from '@web/rollup-plugin-import-meta-assets';

export default {
  input: 'main.js',
  output: { dir: 'public', format: 'es' },
  plugins: [nodeResolve({ browser: true }), commonjs(), importMetaAssets()],
};
