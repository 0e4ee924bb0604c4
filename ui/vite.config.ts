import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [svelte()],
  clearScreen: false,
  // Assets are found beside the page, also below a folder or a stage.
  base: './',
  // The window's policy allows no inline resource: every asset is a file of its own.
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { host: '127.0.0.1', port: 1420, strictPort: true },
  test: {
    include: ['src/**/*.spec.ts'],
    environment: 'node',
    setupFiles: ['src/words/system.setup.ts'],
  },
});
