import type { SpeedTable } from '../../../src/speed-table.ts';
import { speedTables } from '../../../src/speed.ts';

export declare const data: readonly SpeedTable[];

export default { load: speedTables };
