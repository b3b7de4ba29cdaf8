/** Of transformers' configurations: what trains, generates, labels, reports and names. */
const configuration = [
  '_name_or_path',
  'architectures',
  'transformers_version',
  'tokenizer_class',
  'auto_map',
  'dtype',
  'torch_dtype',
  'use_bfloat16',
  'torchscript',
  'chunk_size_feed_forward',
  'attention_dropout',
  'attention_probs_dropout_prob',
  'dropout',
  'hidden_dropout_prob',
  'gradient_checkpointing',
  'initializer_factor',
  'initializer_range',
  'logit_scale_init_value',
  'bos_token_id',
  'pad_token_id',
  'use_cache',
  'is_encoder_decoder',
  'tie_encoder_decoder',
  'tie_word_embeddings',
  'output_attentions',
  'output_hidden_states',
  'output_past',
  'output_scores',
  'return_dict',
  'stage_names',
  'return_dict_in_generate',
  'remove_invalid_values',
  'id2label',
  'label2id',
  'out_features',
  'out_indices',
  'diversity_penalty',
  'do_sample',
  'early_stopping',
  'encoder_no_repeat_ngram_size',
  'length_penalty',
  'max_length',
  'min_length',
  'no_repeat_ngram_size',
  'num_beam_groups',
  'num_beams',
  'num_return_sequences',
  'repetition_penalty',
  'temperature',
  'top_k',
  'top_p',
];

/** Of other programs, in a `config.json` beside open_clip's own: not the configuration that is opened. */
const ofOthers = [
  'architecture',
  'num_classes',
  'num_features',
  'global_pool',
  'pretrained_cfg',
  'open_clip_model_name',
  'directionality',
  'heads',
  'layers',
];

/** How a text is searched for a token. */
const flags = ['lstrip', 'normalized', 'rstrip', 'single_word'];
const flagsOf = (...tokens: string[]) => tokens.flatMap((token) => flags.map((flag) => `${token}.${flag}`));
const named = ['mask_token', 'unk_token.content', ...flagsOf('bos_token', 'eos_token', 'unk_token')];
const decoded = (id: number) => ['content', 'special', ...flags].map((field) => `added_tokens_decoder.${id}.${field}`);
/** Beside a `vocab.json` the flags of added tokens count, of which one moves a text of the test. */
const lastToken = decoded(573).filter((field) => !field.endsWith('single_word'));

/**
 * By file, fields that move no embedding in Python either: it does not read them, or not to embed. Images become RGB
 * whether `do_convert_rgb` says so or not, since the models take three channels. The size of a pooling module is that of
 * its network; beside a `tokenizer.json` transformers 5 takes the tokens that a text is searched for, and how, from there,
 * as changing each and comparing ids has shown; `default_to_square` is of sizes that are a number, and a prompt is asked for by its name.
 */
export const inert: Readonly<Record<string, readonly string[]>> = {
  'config.json': [...configuration, ...ofOthers, 'word_embedding_dimension'],
  'preprocessor_config.json': ['default_to_square', 'do_convert_rgb', 'data_format', 'processor_class'],
  'processor_config.json': ['image_processor.do_convert_rgb', 'processor_class'],
  'config_sentence_transformers.json': ['__version__', 'prompts.document'],
  'data_config.json': [''],
  'special_tokens_map.json': [...named, ...flagsOf('pad_token')],
  'added_tokens.json': ['<|startoftext|>', '<|endoftext|>'],
  'tokenizer_config.json': [
    ...named,
    'add_bos_token',
    'add_eos_token',
    'add_prefix_space',
    ...[1, 2, 572].flatMap(decoded),
    ...lastToken,
    'name_or_path',
    'special_tokens_map_file',
    'processor_class',
    'backend',
    'is_local',
    'local_files_only',
    'clean_up_tokenization_spaces',
    'spaces_between_special_tokens',
    'errors',
    'use_default_system_prompt',
    'unk_token.__type',
    'bos_token.__type',
    'eos_token.__type',
    'model_input_names',
    'do_basic_tokenize',
  ],
};
