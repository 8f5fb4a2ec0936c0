#!/usr/bin/env python3
"""Proves that PyTorch and `digits` read each other's models and agree on their accuracy.

    tests/pytorch/exchange.py --digits build/release/bin/digits --data DIR

Needs PyTorch (Debian: python3-torch, /usr/bin/python3); not part of the default tests. DIR holds the four
unpacked MNIST files. Exit code 0 if all of it holds, 1 with one line a failure.
"""
import argparse
import json
import pathlib
import struct
import subprocess
import sys
import tempfile

import torch


def read_safetensors(file):
    raw = pathlib.Path(file).read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8:8 + length])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        values = torch.frombuffer(bytearray(raw[begin:end]), dtype=torch.float32)
        tensors[name] = values.reshape(entry["shape"])
    return tensors


def write_safetensors(file, tensors):
    header, data = {}, b""
    for name, tensor in tensors.items():
        values = tensor.detach().contiguous().numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(values)]}
        data += values
    text = json.dumps(header).encode()
    pathlib.Path(file).write_bytes(struct.pack("<Q", len(text)) + text + data)


def read_idx(folder, stem, header):
    raw = bytearray((pathlib.Path(folder) / stem).read_bytes()[header:])
    return torch.frombuffer(raw, dtype=torch.uint8)


def load(folder, part):
    images = read_idx(folder, part + "-images-idx3-ubyte", 16).reshape(-1, 784).float() / 255
    return images, read_idx(folder, part + "-labels-idx1-ubyte", 8).long()


def network(*widths):
    layers = []
    for inputs, outputs in zip(widths, widths[1:]):
        layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


def right_answers(model, images, labels):
    with torch.no_grad():
        return int((model(images).argmax(1) == labels).sum())


def train(model, images, labels):
    optimizer = torch.optim.Adam(model.parameters(), 0.003)
    for begin in range(0, len(labels), 100):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(images[begin:begin + 100]), labels[begin:begin + 100]).backward()
        optimizer.step()


def evaluate_with_digits(digits, model, data, folder):
    result = pathlib.Path(folder) / "evaluation.json"
    subprocess.run([digits, "evaluate", "--model", model, "--data", data, "--json", result], check=True,
                   stdout=subprocess.DEVNULL)
    return json.loads(result.read_text())


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--digits", required=True)
    options.add_argument("--data", required=True)
    options = options.parse_args()
    torch.manual_seed(1)
    test_images, test_labels = load(options.data, "t10k")
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        theirs = network(784, 32, 10)
        train(theirs, *load(options.data, "train"))
        write_safetensors(folder + "/theirs.safetensors", theirs.state_dict())
        expected = right_answers(theirs, test_images, test_labels)
        got = evaluate_with_digits(options.digits, folder + "/theirs.safetensors", options.data, folder)
        got_right = round(got["test_accuracy"] * got["test_images"])
        print(f"PyTorch {torch.__version__} saved 784-32-10: it counts {expected} right answers, digits {got_right}")
        if expected != got_right:
            failures.append("a model of PyTorch does not evaluate to what PyTorch says")

        ours = folder + "/ours.safetensors"
        subprocess.run([options.digits, "train", "--quiet", "--data", "sample", "--hidden", "32", "--epochs", "2",
                        "--save", ours], check=True,
                       stdout=subprocess.DEVNULL)
        loaded = network(784, 32, 10)
        loaded.load_state_dict(read_safetensors(ours), strict=True)
        expected = evaluate_with_digits(options.digits, ours, options.data, folder)
        expected_right = round(expected["test_accuracy"] * expected["test_images"])
        got_right = right_answers(loaded, test_images, test_labels)
        print(f"digits saved 784-32-10: it counts {expected_right} right answers, PyTorch (strict) {got_right}")
        if expected_right != got_right:
            failures.append("a model of ours does not evaluate in PyTorch to what digits says")
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
