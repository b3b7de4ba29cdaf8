import { component, type Maker } from './component.ts';
import { invalid, jsonArray, jsonObject, string, tokenId } from './config-file.ts';

/** Ids put around the ids of a text. */
export interface Frame {
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** No second one where the ids end as the frame does. */
  readonly isOnce?: boolean;
}

const bare: Frame = { before: [], after: [] };

const makers: Readonly<Record<string, Maker<Frame>>> = {
  Sequence: ({ processors }, where) => {
    return jsonArray(processors, where)
      .map((step, i) => postProcessor(step, `${where}[${i}]`))
      .reduce(
        (inner, outer) => ({
          before: [...outer.before, ...inner.before],
          after: [...inner.after, ...outer.after],
        }),
        bare,
      );
  },
  TemplateProcessing: (config, where) => {
    const items = jsonArray(config['single'], `${where}.single`).map((item) => jsonObject(item, `${where}.single`));
    const at = items.findIndex((item) => item['Sequence'] !== undefined);
    if (at < 0) invalid(`${where}.single`, 'a Sequence', config['single']);
    const tokens = jsonObject(config['special_tokens'], `${where}.special_tokens`);
    const idsOf = (item: (typeof items)[number]): number[] => {
      const name = string(jsonObject(item['SpecialToken'], `${where}.single`)['id'], `${where}.single`);
      const token = jsonObject(tokens[name], `${where}.special_tokens, ${name}`);
      return jsonArray(token['ids'], `${where}.special_tokens, ${name}.ids`).map((id) => tokenId(id, where));
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
  return value === null || value === undefined ? bare : component(makers, value, where);
}

function startAndEnd({ cls, sep }: Parameters<Maker<Frame>>[0], where: string): Frame {
  const idOf = (pair: unknown): number => tokenId(jsonArray(pair, where)[1], where);
  return { before: [idOf(cls)], after: [idOf(sep)] };
}
