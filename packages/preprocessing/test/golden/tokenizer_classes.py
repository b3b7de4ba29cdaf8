"""Ids of small tokenizers whose `tokenizer.json` or class is not CLIP's, computed by transformers' AutoTokenizer.

Versions: Python 3.11.7, transformers 5.18.0, tokenizers 0.23.2.
Run: python tokenizer_classes.py. Reads tokenizer-classes-cases.json, writes tokenizer-classes.json beside it: for each
case one list of ids a text, or null where Python refuses.
"""

import importlib.util
import json
import tempfile
from pathlib import Path

# A build of torchvision that does not fit torch keeps transformers from loading.
spec_of = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name.startswith("torchvision") else spec_of(name, *rest)

from transformers import AutoTokenizer  # noqa: E402

here = Path(__file__).parent
TEXTS = ["cat cats", " It's  a Cat's\tcat12 ", "a\u0301 \u00c1 <|endoftext|>cat \u2581cat", "\u4e2d \U0001f408cat\n", "cat <s>cat a<s> cat"]


def opened(case: dict, bases: dict):
    json_file = bases[case["base"]] | case.get("json", {})
    json_file = json_file | {"model": json_file["model"] | case.get("model", {})}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "tokenizer.json").write_text(json.dumps(json_file))
        (Path(folder) / "tokenizer_config.json").write_text(json.dumps(case["config"]))
        return AutoTokenizer.from_pretrained(folder)


read = json.loads((here / "tokenizer-classes-cases.json").read_text())
ids = []
for case in read["cases"]:
    tokenizer = opened(case, read["bases"])
    ids.append([tokenizer.encode(text) for text in TEXTS])
(here / "tokenizer-classes.json").write_text(json.dumps({"texts": TEXTS, "ids": ids}) + "\n")
