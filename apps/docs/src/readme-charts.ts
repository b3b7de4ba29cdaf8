import { fileURLToPath } from 'node:url';
import { speedSvg } from './speed-svg.ts';
import { speedTables } from './speed.ts';

const colours = {
  light: { ours: '#b8371a', theirs: '#cfc6b4', text: '#221e18' },
  dark: { ours: '#ff9470', theirs: '#5b5344', text: '#f1ece2' },
};

/** The charts of the repository's README: where they are, and what they must be. */
export function readmeCharts() {
  return Object.entries(colours).map(([name, those]) => {
    const path = fileURLToPath(new URL(`../../../docs/images/speed-${name}.svg`, import.meta.url));
    return { path, ...speedSvg(speedTables(), { place: 'Chromium', row: 'image b1' }, those) };
  });
}
