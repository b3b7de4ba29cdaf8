"""The same short sounds as FLAC of the reference encoder and as WAV, in base64.

Versions: Python 3.11.7, numpy 2.4.6, flac 1.4.2.
Run: python sounds.py. Writes sounds.json beside it.
"""

import base64
import io
import json
import subprocess
import wave
from pathlib import Path

import numpy as np

rng = np.random.default_rng(19)


def case(name: str, rate: int, channels: int, bits: int) -> dict:
    t = np.arange(480)
    columns = [0.6 * np.sin(t * (0.11 + 0.05 * c)) + 0.05 * rng.standard_normal(t.size) for c in range(channels)]
    samples = np.round(np.stack(columns, 1) * 2 ** (bits - 1)).astype("<i4")
    raw = samples.view(np.uint8).reshape(*samples.shape, 4)[..., : bits // 8].tobytes()
    wav = io.BytesIO()
    with wave.open(wav, "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(bits // 8)
        out.setframerate(rate)
        out.writeframes(raw)
    flac = subprocess.run(
        ["flac", "-s", "-8", "--no-padding", "-c", "-"], input=wav.getvalue(), check=True, capture_output=True
    ).stdout
    return {"name": name, **{k: base64.b64encode(v).decode() for k, v in {"flac": flac, "wav": wav.getvalue()}.items()}}


CASES = [
    case("16 bits, of the model's rate", 4000, 1, 16),
    case("16 bits in stereo, at 44100 Hz", 44_100, 2, 16),
    case("24 bits, at 48000 Hz", 48_000, 1, 24),
    case("24 bits in stereo, at 8000 Hz", 8000, 2, 24),
]
Path(__file__).with_suffix(".json").write_text(json.dumps(CASES) + "\n")
