"""Embeddings of a small CLIP whose open_clip_config.json is changed, computed by open_clip.

Versions: Python 3.11.7, torch 2.13.0+cpu, transformers 5.18.0, open_clip 3.3.0.
Run: python open_clip_settings.py <folder of the zoo>. Writes open-clip.json beside itself, rows not normalised.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

import torch

# Where torchvision was built for another torch, its operators are missing; none of these is called.
library = torch.library.Library("torchvision", "FRAGMENT")
for operator in ("nms", "qnms", "roi_align", "roi_pool", "ps_roi_align", "ps_roi_pool", "deform_conv2d"):
    library.define(f"{operator}(Tensor a) -> Tensor")

import open_clip  # noqa: E402
from PIL import Image  # noqa: E402

here = Path(__file__).parent
zoo = Path(sys.argv[1])
TEXTS = ["A photo of a red DOG &amp; two cats!", "the  cat, naïve", "dogs. " * 30]


def rows(case: dict) -> dict[str, list[list[float]]]:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "model"
        shutil.copytree(zoo / "kinds/openclip-both", place, copy_function=shutil.copy)
        config = json.loads((place / "open_clip_config.json").read_text())
        for part in ("text_cfg", "vision_cfg"):
            config["model_cfg"][part] |= case.get(part, {})
        config["model_cfg"]["text_cfg"]["hf_tokenizer_name"] = "local"
        config["preprocess_cfg"] |= case.get("preprocess_cfg", {})
        (place / "open_clip_config.json").write_text(json.dumps(config))
        name = f"local-dir:{place}"
        model, _, prepare = open_clip.create_model_and_transforms(name)
        tokenize = open_clip.get_tokenizer(name)
        images = torch.stack([prepare(Image.open(zoo / f"items/{item}.png")) for item in "ab"])
        with torch.no_grad():
            model.eval()
            return {
                "text": model.encode_text(tokenize(TEXTS)).tolist(),
                "image": model.encode_image(images).tolist(),
            }


cases = json.loads((here / "open-clip-cases.json").read_text())
result = {"texts": TEXTS, "rows": {case["name"]: rows(case) for case in cases}}
(here / "open-clip.json").write_text(json.dumps(result, ensure_ascii=False) + "\n")
