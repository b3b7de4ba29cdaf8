import type { PluginOption } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';

/** A service worker that keeps all of the page, its models included, and a manifest to install it by. */
export function offline(): PluginOption {
  return VitePWA({
    strategies: 'injectManifest',
    srcDir: 'src',
    filename: 'service-worker.ts',
    injectRegister: 'script-defer',
    injectManifest: {
      injectionPoint: 'self.precached',
      globPatterns: ['**/*.{html,js,css,svg,wasm,webp,bin,safetensors,json}'],
      // Names of assets say what is in them.
      dontCacheBustURLsMatching: /^assets\//,
      maximumFileSizeToCacheInBytes: 16 * 1024 * 1024,
    },
    manifest: {
      name: 'Photos by words',
      short_name: 'Photos',
      description: 'Photo search in a browser tab. No photo leaves the machine.',
      display: 'standalone',
      start_url: './',
      background_color: '#16181c',
      theme_color: '#3d4fd8',
      icons: [{ src: 'icon.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any' }],
    },
  });
}
