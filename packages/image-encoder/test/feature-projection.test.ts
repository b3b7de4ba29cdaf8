import { describeGolden } from '@diptych/golden';
import { l2Normalize, loadModel } from '@diptych/nn';
import { describeBackends, expectClose, expectNoLeak, openGolden, readTensors, valuesOf } from '@diptych/testkit';
import { expect, it } from 'vitest';
import { featureProjection, featureProjectionSpec, vseImageNames } from '../src/index.ts';

const config = { inputs: 20, dim: 16 };

describeGolden('the image branch of VSE++', () => {
  describeBackends('against its own code', () => {
    it('projects and normalises', async () => {
      const expected = await readTensors('golden/vsepp/vsepp.safetensors');
      const file = await openGolden('golden/vsepp/vsepp.safetensors', (name) => name.startsWith('img.fc.'));
      const checkpoint = {
        names: new Set([...file.names].map((name) => name.slice(4))),
        shape: (name: string) => file.shape(`img.${name}`),
        read: (name: string) => file.read(`img.${name}`),
      };
      await expectNoLeak(async () => {
        using model = await loadModel(featureProjectionSpec(config), checkpoint, vseImageNames);
        const encoder = featureProjection(config, model.params);
        const values = expected.get('img.in')!.data as Float32Array;
        const got = await valuesOf(() => l2Normalize(encoder.forward({ values, shape: [5, 20] })));
        expectClose(got, expected.get('img.out')!.data as Float32Array, 1e-6);
        const narrow = () => encoder.forward({ values, shape: [10, 10] });
        expect(narrow).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
      });
    });
  });
});
