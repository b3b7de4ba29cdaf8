import { writeFileSync } from 'node:fs';
import { readmeCharts } from './readme-charts.ts';

// Writes the charts of the repository's README.
for (const { path, svg } of readmeCharts()) writeFileSync(path, `${svg}\n`);
