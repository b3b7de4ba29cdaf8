"""MobileNet v2 and v3 and VGG with few channels and random weights, computed by torchvision in float64.

Versions: Python 3.11.7, torch 2.13.0+cpu, torchvision 0.28.0, numpy 2.4.6, safetensors 0.8.0. Seeds: 3, 4 and 5.
Run: python torchvision_nets.py <folder>. Weights and images are float32, expected values rounded to it.
"""

import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file
from torchvision.models.mobilenetv2 import MobileNetV2
from torchvision.models.mobilenetv3 import InvertedResidualConfig, MobileNetV3
from torchvision.models.vgg import VGG, make_layers


def randomize(model: torch.nn.Module, seed: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    arrays = {}
    for name, value in model.state_dict().items():
        shape = tuple(value.shape)
        if name.endswith("num_batches_tracked"):
            arrays[name] = np.array(7, np.int64)
            continue
        if name.endswith("running_var"):
            array = 0.5 + rng.random(shape)
        elif len(shape) == 1:
            array = (1 if name.endswith("weight") else 0) + 0.2 * rng.standard_normal(shape)
        else:
            array = rng.standard_normal(shape) * np.sqrt(2 / np.prod(shape[1:]))
        arrays[name] = array.astype(np.float32)
    model.load_state_dict({name: torch.tensor(array) for name, array in arrays.items()})
    return arrays


def save(folder: Path, name: str, model: torch.nn.Module, seed: int, size: tuple[int, int]) -> None:
    """`rows` is what the classifier's last layer is given."""
    arrays = randomize(model.eval(), seed)
    pixels = np.random.default_rng(seed + 100).standard_normal((2, 3, *size)).astype(np.float32)
    with torch.no_grad():
        features = model.double().features(torch.tensor(pixels.astype(np.float64)))
        rows = model.classifier[:-1](features.flatten(1)) if isinstance(model, VGG) else features.mean((2, 3))
    arrays["in.pixel_values"] = pixels
    arrays["rows"] = rows.numpy().astype(np.float32)
    save_file(arrays, folder / f"{name}.safetensors")
    print(name, sum(array.size for array in arrays.values()), "values, rows", rows.abs().mean().item())


def main() -> None:
    folder = Path(sys.argv[1])
    v2 = MobileNetV2(num_classes=3, width_mult=0.1, inverted_residual_setting=[[1, 16, 1, 1], [3, 24, 2, 2]])
    v2.features[-1] = type(v2.features[-1])(8, 20, kernel_size=1, activation_layer=torch.nn.ReLU6)
    v2.classifier = torch.nn.Sequential(torch.nn.Dropout(), torch.nn.Linear(20, 3))
    save(folder, "mobilenet_v2", v2, 3, (33, 24))
    rows = [
        InvertedResidualConfig(8, 3, 8, 8, True, "RE", 2, 1, 1.0),
        InvertedResidualConfig(8, 3, 24, 16, False, "RE", 2, 1, 1.0),
        InvertedResidualConfig(16, 5, 32, 16, True, "HS", 1, 1, 1.0),
    ]
    save(folder, "mobilenet_v3", MobileNetV3(rows, last_channel=8, num_classes=3), 4, (33, 24))
    vgg = VGG(make_layers([4, "M", 8, 8, "M"]), num_classes=3, init_weights=False)
    linear = torch.nn.Linear
    vgg.classifier = torch.nn.Sequential(
        *(linear(8 * 4 * 4, 16), torch.nn.ReLU(), torch.nn.Dropout()),
        *(linear(16, 16), torch.nn.ReLU(), torch.nn.Dropout()),
        linear(16, 3),
    )
    save(folder, "vgg", vgg, 5, (16, 16))


if __name__ == "__main__":
    main()
