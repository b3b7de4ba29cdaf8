"""Names and shapes of all arrays of transformers' CLAP of its default configuration, that of laion/clap-htsat-unfused; no values.

Versions: Python 3.11.7, torch 2.13.0, transformers 5.18.0.
Run: python clap_manifest.py. Writes clap-manifest.json beside it.
"""

import json
from pathlib import Path

import torch
from transformers import ClapConfig, ClapModel

config = ClapConfig()
with torch.device("meta"):
    model = ClapModel(config)
dtypes = {torch.float32: "F32", torch.int64: "I64"}
arrays = {name: {"dtype": dtypes[a.dtype], "shape": list(a.shape)} for name, a in model.state_dict().items()}
made = {"config": config.to_dict(), "parameters": sum(p.numel() for p in model.parameters()), "arrays": arrays}
Path(__file__).parent.joinpath("clap-manifest.json").write_text(json.dumps(made) + "\n")
