import { describe, expect, it } from 'vitest';
import { fixText } from '../../src/text/fix-text.ts';
import { unescapeHtml } from '../../src/text/unescape-html.ts';

describe('repair of text', () => {
  it.each([
    ['schÃ¶n', 'schön', 'one misread letter'],
    ['schÃƒÂ¶n', 'schön', 'a letter misread twice'],
    ['Itâ€™s â€œfineâ€\u009d', 'It\'s "fine"', 'misread punctuation'],
    ['ðŸ˜€ ok', '😀 ok', 'a misread emoji'],
    ['ÐŸÑ€Ð¸Ð²ÐµÑ‚', 'Привет', 'a misread word'],
    ['æ—¥æœ¬èªž', '日本語', 'a misread word of three bytes a letter'],
    ['日本 cafÃ©', '日本 café', 'a misread letter beside honest ones'],
    ['Ǆ² a', 'D\u07b2 a', 'two bytes misread as windows-1257'],
    ['中Å² 中', '中Ų 中', 'two bytes misread as windows-1252, beside honest ones'],
    ['Ł¹', 'ٹ', 'two bytes misread as windows-1250'],
    ['Ň\u0087 中', '\u0487 中', 'a letter and a C1 control'],
    ['Úžas Ö² 中', 'Úžas Ö² 中', 'two bytes that are honest'],
    ['CAFÉ” and é”—no', 'CAFÉ" and é"—no', 'letters before punctuation, which are honest'],
    ['naïve façade Ürün', 'naïve façade Ürün', 'honest Latin letters'],
    ['\u0091quoted\u0092', "'quoted'", 'C1 controls'],
    ['ﬁne ﬅop Ǆ ĳ', 'fine ſtop DŽ ij', 'ligatures'],
    ['ＬＯＵＤ ﾊﾝ\u3000x', 'LOUD ハン x', 'wide and narrow forms'],
    ['‘a’ “b” ʼc', "'a' \"b\" 'c", 'curly quotes'],
    ['a\r\nb\rc\u2028d', 'a\nb\nc\nd', 'line breaks'],
    ['\u001b[31mred\u001b[0m', 'red', 'terminal escapes'],
    ['NULL\0byte\ufeff', 'NULLbyte', 'control characters'],
    ['\ud800', '\ufffd', 'a lone surrogate'],
    ['e\u0301', 'é', 'decomposed letters'],
    ['&amp;amp; &lt;', '& <', 'entities, as often as they were escaped'],
    ['<b>&amp;</b>', '<b>&amp;</b>', 'HTML, left alone'],
    ['é”—\nschÃ¶n', 'é"—\nschön', 'a misread letter in another line than what is honest'],
    ['é”— schÃ¶n\nÄ\u0081 中', '锗 schön\nā 中', 'a misread letter in the line of what is doubtful'],
    ['&amp; a\n<b> &amp;\n&amp;', '& a\n<b> &amp;\n&amp;', 'entities before HTML'],
    ['&lt;b>\n&amp;', '<b>\n&', 'HTML that was escaped, and entities behind it'],
    ['a\r&amp;<\n&amp;', 'a\n&amp;<\n&amp;', 'lines that were none'],
    ['e\n\u0301', 'e\n\u0301', 'a mark that begins a line'],
  ])('%j is %j: %s', (text, want) => {
    expect(fixText(text)).toBe(want);
  });
});

describe('HTML entities', () => {
  it.each([
    ['&eacute;&eacute', 'éé'],
    ['&notit; &notin;', '¬it; ∉'],
    ['&#39;&#x27;&#X27', "'''"],
    ['&#128;&#x9d;', '€\u009d'],
    ['&#0;&#xd800;&#x110000;', '\ufffd\ufffd\ufffd'],
    ['[&#1;&#xfffe;&#127;]', '[]'],
    ['&unknown; & &; &#; &#x;', '&unknown; & &; &#; &#x;'],
  ])('%j is %j, as in Python', (text, want) => {
    expect(unescapeHtml(text)).toBe(want);
  });
});
