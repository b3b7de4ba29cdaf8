import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reportFiles, type SpaceReport } from '@diptych/evaluation/report';
import { beside } from '@diptych/files/node';

/** `report.md`, `report.json` and a plot each in SVG, in a folder, which is made where it is missing. */
export async function writeReport(folder: string, report: SpaceReport): Promise<void> {
  await beside(folder, async (partial) => {
    for (const [name, text] of Object.entries(reportFiles(report))) await writeFile(join(partial, name), text);
  });
}
