import type { MarkdownRenderer } from 'vitepress';

/** Lines of a narrow page break inside names of packages and of error codes, and not inside short pieces of code. */
export function breakWell(md: MarkdownRenderer): void {
  md.renderer.rules.text = (tokens, i) =>
    md.utils.escapeHtml(tokens[i]!.content).replaceAll(/(?<=@diptych)\/|(?<=[A-Z])_(?=[A-Z])/g, '$&<wbr>');
  md.core.ruler.push('short-code', ({ tokens }) => {
    for (const { children } of tokens) {
      for (const token of children ?? []) {
        if (token.type === 'code_inline' && token.content.length <= 20) token.attrJoin('class', 'short');
      }
    }
  });
}
