import { type SpeedTable, speedTables } from '../../../src/speed.ts';

export declare const data: readonly SpeedTable[];

export default { load: speedTables };
