import { enableAutodiff } from '@diptych/nn/autodiff';
import { describeBackends, expectNoLeak } from '@diptych/testkit';
import { beforeAll, expect, it } from 'vitest';
import { type FitLoop, historyOf } from '../../src/index.ts';
import { bytesOf, opened, smallRun } from './small-run.ts';

beforeAll(enableAutodiff);

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describeBackends('fit', () => {
  /** A whole run: what it told, every state that it saved, and the values at its end. */
  async function complete(more: Partial<FitLoop<number>> = {}) {
    const states: Uint8Array<ArrayBuffer>[] = [];
    const save: FitLoop<number>['save'] = async (state) => void states.push(bytesOf(state));
    const { records, model, dispose } = smallRun({ save, saveEvery: 3, ...more });
    const told = await all(records);
    const values = [...model.variables.values()].flatMap((variable) => [...variable.dataSync()]);
    dispose();
    return { told, states, values };
  }

  it('tells each epoch, whose loss falls', async () => {
    await expectNoLeak(async () => {
      const steps: number[] = [];
      const { told } = await complete({ onStep: ({ step }) => steps.push(step) });
      expect(told.map(({ epoch, steps: done }) => [epoch, done])).toEqual([
        [0, 5],
        [1, 10],
        [2, 15],
        [3, 20],
      ]);
      expect(steps).toEqual(Array.from({ length: 20 }, (_, i) => i));
      expect(told[3]!.loss).toBeLessThan(told[0]!.loss / 2);
      expect(told[3]!.metrics['loss']).toBeLessThan(told[0]!.metrics['loss']!);
    });
  });

  it('ends with the same bits from whichever state it continues', async () => {
    await expectNoLeak(async () => {
      const whole = await complete();
      expect(whole.states.length).toBe(4 + 6);
      for (const [i, state] of whole.states.entries()) {
        const rest = await complete({ from: await opened(state) });
        expect(rest.states, `state ${i}`).toEqual(whole.states.slice(i + 1));
        expect(rest.values).toEqual(whole.values);
        expect([...historyOf(await opened(state)), ...rest.told]).toEqual(whole.told);
      }
    });
  });

  it('stops when patience is at its end, and holds the best values, also when it is asked again', async () => {
    await expectNoLeak(async () => {
      const { told: records, values, states } = await complete({ epochs: 9, patience: 2, saveEvery: undefined });
      expect(records.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3, 4]);
      const third = await opened(states[2]!);
      const best = await Promise.all(
        [...third.names]
          .filter((name) => name.startsWith('best/'))
          .map(async (name) => [...(await third.read(name)).data]),
      );
      const ordered = (numbers: readonly number[]) => Float32Array.from(numbers).toSorted();
      expect(ordered(values)).toEqual(ordered(best.flat() as number[]));
      const again = await complete({ epochs: 9, patience: 2, from: await opened(states.at(-1)!) });
      expect(again).toEqual({ told: [], states: [], values });
    });
  });

  it('validates the averages, and trains on with the values', async () => {
    await expectNoLeak(async () => {
      const without = await complete({ average: undefined, validate: undefined });
      const { told: records, states } = await complete();
      expect(records.map(({ loss }) => loss)).toEqual(without.told.map(({ loss }) => loss));
      const last = await opened(states.at(-1)!);
      for (const name of ['image.weight', 'objective.logScale']) {
        const [model, average] = await Promise.all(
          ['model', 'average'].map(async (group) => last.read(`${group}/${name}`)),
        );
        expect(model!.data).not.toEqual(average!.data);
      }
    });
  });

  it('refuses a state of other variables, another rule or no state, a lost loss and a missing metric', async () => {
    await expectNoLeak(async () => {
      const { states } = await complete({ average: undefined });
      const invalid = async (more: Partial<FitLoop<number>>, code: string) => {
        const { records, dispose } = smallRun(more);
        await expect(all(records)).rejects.toMatchObject({ code });
        dispose();
      };
      await invalid({ from: await opened(states[0]!) }, 'CHECKPOINT_MISMATCH');
      const averaged = (await complete()).states[0]!;
      await invalid({ from: await opened(averaged), average: undefined }, 'CHECKPOINT_MISMATCH');
      await invalid({ from: await opened(bytesOf({ tensors: new Map(), metadata: {} })) }, 'CHECKPOINT_INVALID');
      await invalid({ schedule: () => Number.NaN }, 'INPUT_INVALID');
      await invalid({ batches: () => [] }, 'INPUT_INVALID');
      await invalid({ monitor: 'mrr' }, 'INPUT_INVALID');
    });
  });

  it('stops with the reason of its signal', async () => {
    await expectNoLeak(async () => {
      const controller = new AbortController();
      const { records, dispose } = smallRun({
        signal: controller.signal,
        onStep: ({ step }) => step === 6 && controller.abort('enough'),
      });
      await expect(records.next()).resolves.toMatchObject({ done: false });
      await expect(records.next()).rejects.toBe('enough');
      dispose();
    });
  });
});
