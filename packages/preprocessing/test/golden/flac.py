"""Small FLAC files of the reference encoder, and the samples they are of, in base64.

Versions: Python 3.11.7, numpy 2.4.6, flac 1.4.2.
Run: python flac.py. Writes flac.json beside it.
"""

import base64
import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np

rng = np.random.default_rng(19)


def wave(length: int, channels: int, bits: int) -> np.ndarray:
    t = np.arange(length)
    columns = [0.5 * np.sin(t * (0.05 + 0.01 * c)) + 0.02 * rng.standard_normal(length) for c in range(channels)]
    return np.round(np.stack(columns, 1) * 2 ** (bits - 1)).astype(np.int64)


def encoded(name: str, samples: np.ndarray, bits: int, *flags: str) -> dict:
    width = (bits + 7) // 8
    raw = samples.astype("<i8").view(np.uint8).reshape(*samples.shape, 8)[..., :width].tobytes()
    form = ["--force-raw-format", "--endian=little", "--sign=signed", f"--channels={samples.shape[1]}", f"--bps={bits}"]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.flac"
        command = ["flac", "-s", "--no-padding", *form, "--sample-rate=8000", *flags, "-o", str(file), "-"]
        subprocess.run(command, input=raw, check=True)
        made = file.read_bytes()
    return {"name": name, "bits": bits, "samples": samples.tolist(), "file": base64.b64encode(made).decode()}


stereo = wave(80, 2, 16)
near = np.stack([stereo[:, 0], stereo[:, 0] + rng.integers(-3, 4, 80)], 1)
CASES = [
    encoded("16 bits, linear prediction", wave(160, 1, 16), 16, "-8", "--blocksize=80"),
    encoded("fixed predictors", wave(100, 1, 16), 16, "-0", "--blocksize=32", "--lax"),
    encoded("a pair that is alike", near, 16, "-8", "--blocksize=80"),
    encoded("a pair by the left", near, 16, "-5", "-M", "--blocksize=40"),
    encoded("8 bits", wave(60, 1, 8), 8, "--blocksize=60", "--lax"),
    encoded("24 bits, three channels", wave(40, 3, 24), 24, "--blocksize=40", "--lax"),
    encoded("silence", np.zeros((64, 2), np.int64), 16, "--blocksize=32"),
    encoded("noise", rng.integers(-(2**15), 2**15, (48, 1)), 16, "--blocksize=48"),
    encoded("lower bits wasted", wave(64, 1, 12) * 16, 16, "--blocksize=64"),
    encoded("parts with parameters of their own", np.concatenate([wave(64, 1, 16) // 64, wave(64, 1, 16)]), 16, "-r", "3,3", "--blocksize=128"),
]
Path(__file__).with_suffix(".json").write_text(json.dumps(CASES) + "\n")
