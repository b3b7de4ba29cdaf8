"""Image towers of MobileCLIP with few channels and random weights, computed by timm in float64.

Versions: Python 3.11.7, torch 2.13.0+cpu, timm 1.0.29, numpy 2.4.6, safetensors 0.8.0. Seeds: 1 and 2.
Run: python mobileclip.py <folder>. Weights and images are float32, expected values rounded to it.
"""

import sys
from functools import partial
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file
from timm.layers import HybridEmbed
from timm.models.fastvit import FastVit, RepConditionalPosEnc
from timm.models.vision_transformer import VisionTransformer
from timm.models.vision_transformer_hybrid import ConvStem


def randomize(model: torch.nn.Module, seed: int) -> dict[str, np.ndarray]:
    """Weights whose layers keep the size of what they are given, and statistics that are not trivial."""
    rng = np.random.default_rng(seed)
    arrays = {}
    for name, value in model.state_dict().items():
        shape = tuple(value.shape)
        if name.endswith("num_batches_tracked"):
            array = np.array(7, np.int64)
        elif name.endswith("running_var"):
            array = 0.5 + rng.random(shape)
        elif name.endswith("gamma"):
            array = 0.5 + 0.2 * rng.standard_normal(shape)
        elif len(shape) == 1 and name.endswith("weight"):
            array = 1 + 0.2 * rng.standard_normal(shape)
        elif len(shape) <= 1:
            array = 0.1 * rng.standard_normal(shape)
        else:
            array = rng.standard_normal(shape) / np.sqrt(np.prod(shape[1:]))
        arrays[name] = array if array.dtype == np.int64 else array.astype(np.float32)
    model.load_state_dict({name: torch.tensor(array) for name, array in arrays.items()})
    return arrays


def save(folder: Path, name: str, model: torch.nn.Module, seed: int, size: tuple[int, int]) -> None:
    arrays = {f"visual.trunk.{key}": array for key, array in randomize(model.eval(), seed).items()}
    pixels = np.random.default_rng(seed + 100).standard_normal((2, 3, *size)).astype(np.float32)
    with torch.no_grad():
        rows = model.double()(torch.tensor(pixels.astype(np.float64)))
    arrays["in.pixel_values"] = pixels
    arrays["image_embeds_raw"] = rows.numpy().astype(np.float32)
    save_file(arrays, folder / f"{name}.safetensors")
    print(name, sum(array.size for array in arrays.values()), "values, rows", rows.abs().mean().item())


def main() -> None:
    folder = Path(sys.argv[1])
    fastvit = FastVit(
        layers=(1, 2, 1, 1),
        embed_dims=(4, 8, 16, 32),
        mlp_ratios=(3, 3, 3, 3),
        se_downsamples=(False, False, True, True),
        pos_embs=(None, None, None, partial(RepConditionalPosEnc, spatial_shape=(7, 7))),
        token_mixers=("repmixer", "repmixer", "repmixer", "attention"),
        lkc_use_act=True,
        num_classes=16,
    )
    save(folder, "fastvit", fastvit, 1, (64, 32))
    backbone = ConvStem(
        channels=(8, 8, 32), stride=(4, 2, 2), kernel_size=(4, 2, 2), padding=0, act_layer=torch.nn.GELU
    )
    vit = VisionTransformer(
        img_size=64,
        patch_size=1,
        embed_dim=32,
        depth=2,
        num_heads=4,
        no_embed_class=True,
        num_classes=16,
        embed_layer=partial(HybridEmbed, backbone=backbone, proj=False),
    )
    save(folder, "vit_mci", vit, 2, (64, 64))


if __name__ == "__main__":
    main()
