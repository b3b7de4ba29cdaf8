import { readdirSync, readFileSync } from 'node:fs';

/** What processes have taken so far: milliseconds of the processors, and bytes that they hold now. */
export interface Taken {
  readonly pids: readonly number[];
  readonly processor: number;
  readonly memory: number;
}

/**
 * A process and all below it, on Linux, whose clock of a process ticks every 10 ms.
 *
 * @param withChildren Default true.
 */
export function taken(root: number, withChildren = true): Taken {
  const parents = new Map<number, number>();
  const own = new Map<number, Omit<Taken, 'pids'>>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const text = readFileSync(`/proc/${name}/stat`, 'latin1');
      const fields = text
        .slice(text.lastIndexOf(')') + 2)
        .split(' ')
        .map(Number); // From the third on.
      parents.set(Number(name), fields[1]!);
      own.set(Number(name), { processor: 10 * (fields[11]! + fields[12]!), memory: 4096 * fields[21]! });
    } catch {
      // It has ended meanwhile.
    }
  }
  const isBelow = (pid: number): boolean =>
    pid === root || (withChildren && parents.has(pid) && isBelow(parents.get(pid)!));
  const pids = [...own.keys()].filter(isBelow);
  const all = pids.map((pid) => own.get(pid)!);
  return {
    pids,
    processor: all.reduce((sum, one) => sum + one.processor, 0),
    memory: all.reduce((sum, one) => sum + one.memory, 0),
  };
}
