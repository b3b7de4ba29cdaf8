"""Sentence embeddings of small models whose settings are changed, computed by sentence-transformers.

Versions: Python 3.11.7, torch 2.13.0+cpu, transformers 5.18.0, sentence-transformers 6.0.1.
Run: python settings.py <folder of zoo kinds>. Writes settings.json beside itself: one list of rows a case, not normalised.
"""

import importlib.util
import json
import shutil
import sys
import tempfile
from pathlib import Path

# Texts need no torchvision, and a build of it that does not fit torch keeps transformers from loading.
spec_of = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name.startswith("torchvision") else spec_of(name, *rest)

from sentence_transformers import SentenceTransformer  # noqa: E402

here = Path(__file__).parent
kinds = Path(sys.argv[1])
TEXTS = ["a photo of a RED dog", "two cats", "The dog and the cat are on a red photo of two dogs, " * 5]


def rows(case: dict) -> list[list[float]]:
    with tempfile.TemporaryDirectory() as folder:
        model_folder = Path(folder) / "model"
        shutil.copytree(kinds / case["kind"], model_folder, copy_function=shutil.copy)
        for path, content in case.get("files", {}).items():
            (model_folder / path).write_text(json.dumps(content))
        model = SentenceTransformer(str(model_folder), device="cpu")
        prompt = case.get("prompt")
        named = {"prompt_name": prompt} if prompt in model.prompts and prompt else {"prompt": prompt}
        return [[float(value) for value in row] for row in model.encode(TEXTS, **named)]


cases = json.loads((here / "settings-cases.json").read_text())
result = {"texts": TEXTS, "rows": {case["name"]: rows(case) for case in cases}}
(here / "settings.json").write_text(json.dumps(result) + "\n")
