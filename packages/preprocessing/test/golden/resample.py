"""Waves at other rates, computed with numpy in double precision by the steps of torchaudio's `functional.resample` with its default
arguments (`_get_sinc_resample_kernel` and `_apply_sinc_resample_kernel`): one filter for each phase, applied by a
strided convolution.

Versions: Python 3.11.7, numpy 2.4.6.
Run: python resample.py. Writes resample.json beside it.
"""

import json
import math
from pathlib import Path

import numpy as np

WIDTH, ROLLOFF = 6, 0.99


def kernels(orig: int, new: int) -> tuple[np.ndarray, int]:
    base = min(orig, new) * ROLLOFF
    width = math.ceil(WIDTH * orig / base)
    idx = np.arange(-width, width + orig) / orig
    t = np.arange(0, -new, -1)[:, None] / new + idx[None]
    t = np.clip(t * base, -WIDTH, WIDTH)
    window = np.cos(t * math.pi / WIDTH / 2) ** 2
    t = t * math.pi
    sinc = np.where(t == 0, 1.0, np.sin(t) / np.where(t == 0, 1.0, t))
    return sinc * window * (base / orig), width


def resample(wave: np.ndarray, orig: int, new: int) -> np.ndarray:
    shared = math.gcd(orig, new)
    orig, new = orig // shared, new // shared
    kernel, width = kernels(orig, new)
    padded = np.pad(wave, (width, width + orig))
    frames = (len(padded) - kernel.shape[1]) // orig + 1
    rows = [kernel @ padded[i * orig : i * orig + kernel.shape[1]] for i in range(frames)]
    return np.concatenate(rows)[: math.ceil(new * len(wave) / orig)]


CASES = [(44_100, 48_000, 90), (8_000, 48_000, 20), (96_000, 48_000, 60), (48_000, 44_100, 60), (22_050, 48_000, 30), (7, 3, 40), (3, 7, 1), (3, 100_003, 4)]
MOST = 90

cases = []
for orig, new, length in CASES:
    t = np.arange(length)
    wave = np.float32(0.6 * np.sin(t * t / 11) + 0.3 * np.cos(t / 2))
    cases.append({"from": orig, "to": new, "samples": wave.tolist(), "expected": resample(wave.astype(np.float64), orig, new)[:MOST].tolist()})
Path(__file__).with_suffix(".json").write_text(json.dumps(cases) + "\n")
