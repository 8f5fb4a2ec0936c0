#!/usr/bin/env python3
"""What PyTorch makes of two networks, in double: logits, loss, every gradient, and ten steps of three optimizers.

    tests/data/pytorch_reference.py > tests/data/pytorch_reference.txt

Needs PyTorch (Debian: python3-torch, /usr/bin/python3). The networks, 5-4-3 on random numbers and 784-16-10 on
the sample's first digits, begin with numbers of common/random.hpp, so that nothing of them need be stored.
Numbers are hexadecimal. Weights are in x out, as ours are. Of a tensor:

    tensor NETWORK/WHAT/NAME SIZE LARGEST COUNT       LARGEST: its largest entry, without sign
    INDEX NUMBER INDEX NUMBER ...                     COUNT entries: all, or of a large tensor some
"""
import gzip
import pathlib
import random
import struct
import sys

import torch

MOST_ENTRIES = 200
DATA = pathlib.Path(__file__).parents[2] / "common" / "data"
OPTIMIZERS = {
    "sgd": lambda parameters: torch.optim.SGD(parameters, 0.1),
    "momentum": lambda parameters: torch.optim.SGD(parameters, 0.1, momentum=0.9),
    "adam": lambda parameters: torch.optim.Adam(parameters, 0.01),
}


class SplitMix64:
    """common/random.hpp"""

    def __init__(self, seed):
        self.state = seed

    def uniform(self, low, high):
        mask = 2**64 - 1
        self.state = (self.state + 0x9E3779B97F4A7C15) & mask
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        z ^= z >> 31
        return low + (high - low) * ((z >> 11) * 2.0**-53)

    def matrix(self, rows, cols, bound):
        """Row by row, rounded to float."""
        values = [struct.unpack("f", struct.pack("f", self.uniform(-bound, bound)))[0] for _ in range(rows * cols)]
        return torch.tensor(values, dtype=torch.float64).reshape(rows, cols)


def small():
    return [5, 4, 3], SplitMix64(7).matrix(3, 5, 2), torch.tensor([2, 0, 1])


def digits():
    pixels = gzip.decompress((DATA / "train-images-idx3-ubyte.gz").read_bytes())[16:16 + 16 * 784]
    labels = gzip.decompress((DATA / "train-labels-idx1-ubyte.gz").read_bytes())[8:8 + 16]
    x = torch.tensor(list(pixels), dtype=torch.float64).reshape(16, 784) / 255
    return [784, 16, 10], x, torch.tensor(list(labels))


def network(widths):
    layers, chance = [], SplitMix64(1)
    for fan_in, fan_out in zip(widths, widths[1:]):
        layer = torch.nn.Linear(fan_in, fan_out, dtype=torch.float64)
        bound = 1 / fan_in**0.5
        with torch.no_grad():
            layer.weight.copy_(chance.matrix(fan_in, fan_out, bound).T)
            layer.bias.copy_(chance.matrix(1, fan_out, bound)[0])
        layers += [layer, torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


def show(name, tensor):
    """Weights (two dimensions) have to be transposed before."""
    values = tensor.detach().reshape(-1).tolist()
    chosen = range(len(values))
    if len(values) > MOST_ENTRIES:
        # Some of all, and some of those that are not 0: most pixels of a digit are.
        chance = random.Random(1)
        nonzero = [i for i in chosen if values[i] != 0]
        chosen = sorted(set(chance.sample(chosen, MOST_ENTRIES // 2) + chance.sample(nonzero, MOST_ENTRIES // 2)))
    largest = max(abs(v) for v in values)
    print("tensor", name, len(values), largest.hex(), len(chosen))
    print(" ".join(f"{i} {values[i].hex()}" for i in chosen))


def loss_of(model, x, labels):
    return torch.nn.functional.cross_entropy(model(x), labels)


def show_parameters(prefix, model, what):
    for name, parameter in model.named_parameters():
        tensor = what(parameter)
        show(f"{prefix}/{name}", tensor.T if tensor.dim() == 2 else tensor)


def show_all(title, widths, x, labels):
    model = network(widths)
    show(f"{title}/forward/logits", model(x))
    loss = loss_of(model, x, labels)
    show(f"{title}/forward/loss", loss)
    loss.backward()
    show_parameters(f"{title}/gradient", model, lambda parameter: parameter.grad)
    for name, make in OPTIMIZERS.items():
        model = network(widths)
        optimizer, losses = make(model.parameters()), []
        for _ in range(10):
            optimizer.zero_grad()
            loss = loss_of(model, x, labels)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        show(f"{title}/{name}/losses", torch.tensor(losses, dtype=torch.float64))
        show_parameters(f"{title}/{name}", model, lambda parameter: parameter)


def main():
    torch.set_num_threads(1)
    print(f"# Made by pytorch_reference.py, PyTorch {torch.__version__}, Python {sys.version.split()[0]}. (Debian 12 says 1.13.0a0 of its 1.13.1.)")
    show_all("small", *small())
    show_all("digits", *digits())


if __name__ == "__main__":
    main()
