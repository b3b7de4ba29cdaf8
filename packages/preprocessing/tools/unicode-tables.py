"""Writes src/text/unicode-tables.ts: what the tokenizers library (0.23) holds each code point for.

    python packages/preprocessing/tools/unicode-tables.py

The library has its tables from several places, each of another version of Unicode, so every class is asked of it, code
point by code point. `late` needs Node, as new as can be: code points that Node's normal forms change, reorder or
compose, and the library's do not.
"""

import json
import subprocess
from pathlib import Path

from tokenizers import Regex, normalizers, pre_tokenizers

SCALARS = [chr(c) for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
FORMS = ["NFC", "NFD", "NFKC", "NFKD"]

NODE = """
const points = Array.from({ length: 0x110000 }, (_, c) => c).filter((c) => c < 0xd800 || c > 0xdfff);
const changed = (form, wrap) => points.flatMap((c) => {
  const text = wrap(String.fromCodePoint(c)), made = text.normalize(form);
  return made === text ? [] : [[c, made]];
});
const forms = Object.fromEntries(['NFC', 'NFD', 'NFKC', 'NFKD'].map((form) => [form, changed(form, (c) => c)]));
console.log(JSON.stringify({ ...forms, moved: changed('NFD', (c) => '\\u0345' + c) }));
"""


def main() -> None:
    bert = normalizers.BertNormalizer
    tables = {
        "letter": matched(r"\p{L}"),
        "mark": matched(r"\p{M}"),
        "number": matched(r"\p{N}"),
        "wordCharacter": cut(pre_tokenizers.Whitespace(), 1),
        "bertPunctuation": cut(pre_tokenizers.BertPreTokenizer(), 3),
        "bertMark": removed(bert(False, False, True, False)),
        "bertControl": removed(bert(True, False, False, False)),
        "accent": removed(normalizers.StripAccents()),
        "late": late(),
    }
    lines = [f"export const {name} =\n  '{encoded(table)}';" for name, table in tables.items()]
    Path(__file__).parents[1].joinpath("src/text/unicode-tables.ts").write_text(HEAD + "\n\n".join(lines) + "\n")
    for name, table in tables.items():
        print(name, len(table), len(encoded(table)))


HEAD = """// Written by tools/unicode-tables.py: classes of the tokenizers library, for `codePoints`.

"""


def matched(pattern: str) -> list[str]:
    split = pre_tokenizers.Split(Regex(pattern), "removed", invert=True)
    return [c for c in SCALARS if split.pre_tokenize_str(c)]


def cut(step, parts: int) -> list[str]:
    return [c for c in SCALARS if len(step.pre_tokenize_str(f"a{c}a")) == parts]


def removed(step) -> list[str]:
    return [c for c in SCALARS if step.normalize_str(c) == ""]


def late() -> list[str]:
    newest = json.loads(subprocess.run(["node", "-e", NODE], capture_output=True, check=True).stdout)
    found = {chr(c) for c, made in newest["moved"] if normalizers.NFD().normalize_str("\u0345" + chr(c)) != made}
    for form in FORMS:
        step = getattr(normalizers, form)()
        found |= {chr(c) for c, made in newest[form] if step.normalize_str(chr(c)) != made}
    # One part of each late composite is late too: without it nothing composes.
    parts = [made for c, made in newest["NFD"] if chr(c) in found]
    old = [made for made in parts if not found & set(made)]
    return sorted(found | {made[0] for made in old})


def encoded(table: list[str]) -> str:
    """Ranges in order: code points skipped, then one less than code points taken, each in base 32 from its low digit."""
    numbers: list[int] = []
    at = 0
    for first, last in ranges([ord(c) for c in table]):
        numbers += [first - at, last - first]
        at = last + 1
    return "".join(map(digits, numbers))


def ranges(points: list[int]) -> list[list[int]]:
    made: list[list[int]] = []
    for point in points:
        if made and made[-1][1] == point - 1:
            made[-1][1] = point
        else:
            made.append([point, point])
    return made


def digits(value: int) -> str:
    text = ""
    while True:
        text += DIGITS[value % 32 + (32 if value >= 32 else 0)]
        value //= 32
        if value == 0:
            return text


main()
