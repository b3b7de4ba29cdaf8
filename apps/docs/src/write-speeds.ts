import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readmeCharts } from './readme-charts.ts';
import { performancePath, withSpeeds } from './speed.ts';

// Writes what is drawn and told of the speed of encoders: the README's charts and what they say to whom cannot see them,
// and the tables of docs/performance.md, which `pnpm format` aligns.
const readme = fileURLToPath(new URL('../../../README.md', import.meta.url));
for (const { path, svg, label } of readmeCharts()) {
  writeFileSync(path, `${svg}\n`);
  writeFileSync(readme, readFileSync(readme, 'utf8').replace(/alt="Times as fast[^"]*"/, `alt="${label}"`));
}
writeFileSync(performancePath, withSpeeds(readFileSync(performancePath, 'utf8')));
