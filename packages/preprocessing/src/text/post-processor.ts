import { type Maker, steps } from './component.ts';
import { invalid, jsonArray, jsonObject, string, tokenId } from './config-file.ts';

/** Ids put around the ids of a text. */
export interface Frame {
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** No second one where the ids end as the frame does. */
  readonly isOnce?: boolean;
}

/** Ids around a text at most. */
const maxFrame = 1000;

const bare: Frame = { before: [], after: [] };

const makers: Readonly<Record<string, Maker<Frame>>> = {
  TemplateProcessing: (config, where) => {
    const items = jsonArray(config['single'], `${where}.single`).map((item) => jsonObject(item, `${where}.single`));
    if (items.length > maxFrame) invalid(`${where}.single`, `at most ${maxFrame} items`, items.length);
    const at = items.findIndex((item) => item['Sequence'] !== undefined);
    if (at < 0) invalid(`${where}.single`, 'a Sequence', config['single']);
    const tokens = jsonObject(config['special_tokens'], `${where}.special_tokens`);
    const idsOf = (item: (typeof items)[number]): number[] => {
      const name = string(jsonObject(item['SpecialToken'], `${where}.single`)['id'], `${where}.single`);
      const token = jsonObject(tokens[name], `${where}.special_tokens, ${name}`);
      const ids = jsonArray(token['ids'], `${where}.special_tokens, ${name}.ids`).map((id) => tokenId(id, where));
      return ids.length <= 16 ? ids : invalid(`${where}.special_tokens, ${name}.ids`, 'at most 16 ids', ids.length);
    };
    return { before: items.slice(0, at).flatMap(idsOf), after: items.slice(at + 1).flatMap(idsOf) };
  },
  BertProcessing: startAndEnd,
  RobertaProcessing: startAndEnd,
  ByteLevel: () => bare,
};

/**
 * What a `post_processor` of `tokenizer.json` puts around one text; nothing for `null`.
 *
 * @throws {EmbeddingError} `UNSUPPORTED` for a type that is none of these, `CONFIG_INVALID` for a malformed one.
 */
export function postProcessor(value: unknown, where: string): Frame {
  const frames = steps(makers, 'processors', value, where);
  const before = frames.toReversed().flatMap((frame) => frame.before);
  const after = frames.flatMap((frame) => frame.after);
  const length = before.length + after.length;
  return length <= maxFrame ? { before, after } : invalid(where, `at most ${maxFrame} ids around a text`, length);
}

function startAndEnd({ cls, sep }: Parameters<Maker<Frame>>[0], where: string): Frame {
  const idOf = (pair: unknown): number => tokenId(jsonArray(pair, where)[1], where);
  return { before: [idOf(cls)], after: [idOf(sep)] };
}
