"""Read one light-on-dark image with PyTorch: IMAGE MODEL.safetensors (of `startup.py`)."""

import sys

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file
from torch import nn

image, model = sys.argv[1:]
network = nn.Sequential(
    nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10)
)
arrays = load_file(model)
for ours, theirs in ((0, 0), (3, 2), (6, 4)):  # the model file stores weights as (inputs, outputs)
    network[theirs].weight.data = arrays[f"layer{ours}.weight"].T
    network[theirs].bias.data = arrays[f"layer{ours}.bias"]
ink = Image.open(image).convert("L").resize((28, 28))
pixels = torch.from_numpy(np.asarray(ink, np.float32) / np.float32(255)).reshape(1, 784)
with torch.inference_mode():
    print(network(pixels).argmax().item())
