"""Train 784-128-64-10 on MNIST with PyTorch, save it, and print the test accuracy.

python torch_mnist.py FOLDER OUT.pt --epochs 4 --batch-size 128 --rate 0.008 --smoothing 0.1
"""

import argparse
import gzip
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim.lr_scheduler import OneCycleLR


def read_idx(folder: Path, name: str, header: int) -> Tensor:
    """Read the bytes after the header of a .gz or plain IDX file."""
    packed = folder / f"{name}.gz"
    data = gzip.decompress(packed.read_bytes()) if packed.exists() else (folder / name).read_bytes()
    return torch.from_numpy(np.frombuffer(bytearray(data), np.uint8, offset=header))


def read_part(folder: Path, part: str) -> tuple[Tensor, Tensor]:
    """Read images (n, 784), 0 to 1, and labels (n,)."""
    pixels = read_idx(folder, f"{part}-images-idx3-ubyte", 16).reshape(-1, 784)
    return pixels.float().div_(255), read_idx(folder, f"{part}-labels-idx1-ubyte", 8).long()


def make_network() -> nn.Sequential:
    """Return the network with He's initialization and biases of zero."""
    layers: list[nn.Module] = []
    for d, h in ((784, 128), (128, 64), (64, 10)):
        dense = nn.Linear(d, h)
        nn.init.kaiming_normal_(dense.weight, nonlinearity="relu")
        nn.init.zeros_(dense.bias)
        layers += [dense, nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def train(network: nn.Sequential, x: Tensor, labels: Tensor, options: argparse.Namespace) -> None:
    """Train with Adam and a one-cycle schedule."""
    n_steps = -(-len(x) // options.batch_size)
    optimizer = torch.optim.Adam(network.parameters(), lr=options.rate, fused=True)
    schedule = OneCycleLR(
        optimizer,
        options.rate,
        epochs=options.epochs,
        steps_per_epoch=n_steps,
        cycle_momentum=False,
    )
    loss_function = nn.CrossEntropyLoss(label_smoothing=options.smoothing)
    for _ in range(options.epochs):
        for rows in torch.randperm(len(x)).split(options.batch_size):
            loss = loss_function(network(x[rows]), labels[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()


def main() -> None:
    """Train, save, and print the test accuracy."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--epochs", type=int, required=True)
    parser.add_argument("--batch-size", type=int, required=True)
    parser.add_argument("--rate", type=float, required=True)
    parser.add_argument("--smoothing", type=float, default=0.0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(options.seed)
    network = make_network()
    train(network, *read_part(options.folder, "train"), options)
    torch.save(network.state_dict(), options.out)
    x, labels = read_part(options.folder, "t10k")
    with torch.inference_mode():
        print((network(x).argmax(dim=1) == labels).float().mean().item())


if __name__ == "__main__":
    main()
