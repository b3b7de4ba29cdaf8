"""Texts by a seed: what people write, what files hold, and every corner of Unicode."""

import random
import sys
import unicodedata

WORDS = """a photo of the dog cats running in snow don't it's you'll we've I'm he'd they're café naïve Zürich déjà
ΣΊΣΥΦΟΣ ὈΔΥΣΣΕΎΣ İstanbul Straße ﬁnd ﬂow ŉ ǆ Ǆ 写真 犬の写真 사진 กขค हिन्दी مرحبا שלום 2024 3.14 1,000 #tag @me e-mail
x_y __init__ 'quoted' "double" `tick` end. what?! (brackets) [CLS] [SEP] [MASK] [PAD] [UNK] <s> </s> <pad> <unk> <mask>
<eos> <bos> <|startoftext|> <|endoftext|> <|STARTOFTEXT|> <start_of_text> <end_of_text> ▁ ▁▁ &amp; &lt; &#39; schÃ¶n
👍🏽 👨‍👩‍👧 🇩🇪 ❤️ ½ ² ① Ⅷ ٣ ᾳ ǰ ΐ Å Å fullwidthＡＢ １２ ｶﾞ""".split()
SPACES = [" ", " ", " ", "  ", "\t", "\n", "\r\n", "\u00a0", "\u1680", "\u2003", "\u2028", "\u3000", "\u0085", "\x1c", "\x1f", "\x0b"]
ODD = ["\u200d", "\u200b", "\u00ad", "\ufeff", "\u0000", "\u0001", "\u007f", "\u0301", "\u0327", "\u0345", "\u1ab0",
       "\u20dd", "\ufe0f", "\u034f", "\u180e", "\ufffd", "\ufffe", "\uf8ff", "\U000e0001", "\u0640", "\u1100", "\u1161",
       "\u11a8", "\uac00", "\u2581", "_", "\u203f", "\u2126", "\u212a", "ſ", "'", "’", "$", "~", "^"]
SCALARS = [c for c in range(sys.maxunicode + 1) if not 0xD800 <= c <= 0xDFFF]
ASSIGNED = [c for c in SCALARS if unicodedata.category(chr(c)) not in ("Cn", "Co")]
MARKS = [c for c in ASSIGNED if unicodedata.category(chr(c))[0] == "M"]
LETTERS = [c for c in ASSIGNED if unicodedata.category(chr(c))[0] == "L" and not 0x3400 <= c <= 0xD7FF and c < 0x17000]


def texts(seed: int, count: int) -> list[str]:
    r = random.Random(seed)
    return [text(r) for _ in range(count)]


def text(r: random.Random) -> str:
    kinds = [word, word, word, space, space, odd, letter, marked, assigned, any_scalar]
    weights = r.choice([[8, 2, 2, 4, 4, 0, 0, 0, 0, 0], [4, 2, 2, 3, 3, 2, 1, 1, 1, 0], [1, 1, 1, 1, 1, 2, 4, 2, 6, 1]])
    return "".join(r.choices(kinds, weights)[0](r) for _ in range(r.randint(1, 16)))


def word(r: random.Random) -> str:
    w = r.choice(WORDS)
    return r.choice([w, w, w, w.upper(), w.title(), w + r.choice(WORDS)])


def space(r: random.Random) -> str:
    return r.choice(SPACES)


def odd(r: random.Random) -> str:
    return r.choice(ODD)


def letter(r: random.Random) -> str:
    return chr(r.choice(LETTERS))


def marked(r: random.Random) -> str:
    return chr(r.choice(LETTERS)) + "".join(chr(c) for c in r.choices(MARKS, k=r.randint(1, 3)))


def assigned(r: random.Random) -> str:
    return chr(r.choice(ASSIGNED))


def any_scalar(r: random.Random) -> str:
    return chr(r.choice(SCALARS))
