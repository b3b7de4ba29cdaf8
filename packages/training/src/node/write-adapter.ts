import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeSafetensors } from '@diptych/checkpoint';
import type { StoredTensor } from '@diptych/core';
import { beside } from '@diptych/files/node';
import type { Lora } from '../tuning/lora.ts';
import type { TunedTraining } from '../tuning/tuned-training.ts';

interface WrittenAdapter {
  readonly lora: Lora;
  /** What the model is called that it belongs to. */
  readonly base: string;
}

/** Adapters alone, as `save_pretrained` of PEFT writes them. */
export async function writeAdapter(
  folder: string,
  { variables }: Pick<TunedTraining, 'variables'>,
  { lora, base }: WrittenAdapter,
): Promise<void> {
  const arrays: [string, StoredTensor][] = [];
  const modules = new Set<string>();
  for (const [name, variable] of variables) {
    const [, module, one] = /^lora\.(.+)\.([AB])$/.exec(name) ?? [];
    if (module === undefined) continue;
    modules.add(module);
    const data = await variable.data<'float32'>();
    arrays.push([`base_model.model.${module}.lora_${one}.weight`, { shape: variable.shape, data }]);
  }
  const config = {
    peft_type: 'LORA',
    base_model_name_or_path: base,
    task_type: null,
    inference_mode: true,
    r: lora.rank,
    lora_alpha: lora.alpha,
    lora_dropout: 0,
    target_modules: [...modules],
    bias: 'none',
    fan_in_fan_out: false,
    use_rslora: false,
    use_dora: false,
    modules_to_save: null,
  };
  await beside(folder, async (partial) => {
    await writeFile(join(partial, 'adapter_config.json'), `${JSON.stringify(config, null, 2)}\n`);
    await writeFile(join(partial, 'adapter_model.safetensors'), encodeSafetensors(arrays, { format: 'pt' }));
  });
}
