#!/usr/bin/env python3
"""Prints the stored numbers of the tests of chapters 01 to 07, computed with 50 digits from the textbook's
formulas and from nothing of ours. Needs the package mpmath (Debian: python3-mpmath).

    python3 tests/data/reference_numbers.py
"""
import struct

from mpmath import diff, exp, expm1, log, log1p, mp, mpc, mpf, sqrt, tanh, pi

mp.dps = 50


def show(x):
    return mp.nstr(x, 17)


def rows(title, matrix):
    print(title)
    for row in matrix:
        print("   {" + ", ".join(show(x) for x in row) + "},")


def heading(chapter):
    print(f"\n--- {chapter} ---")


def as_float(x):
    return struct.unpack("f", struct.pack("f", float(x)))[0]


def scalars():
    heading("01_matrix, 02_relu: of a float, rounded to a float")
    for name, f, x in (("exp", exp, -4.97417498), ("exp", exp, -87.3), ("log", log, 0.110687412),
                       ("log1p", log1p, 0.0109131746), ("expm1", expm1, -2.9997437), ("tanh", tanh, -2.99791384)):
        print(f"   {name}({x}) = {as_float(f(mpf(as_float(x)))):.9g}")
    heading("01_matrix: log1p and expm1 of complex numbers")
    for z in (mpc(0.5, 0.25), mpc(-0.25, 2)):
        for name, w in (("log1p", log(1 + z)), ("expm1", exp(z) - 1)):
            print(f"   {name}({z.real}, {z.imag}) = ({show(w.real)}, {show(w.imag)})")


def activations():
    heading("02_relu: x, f(x), f'(x)")
    functions = {
        "sigmoid": (lambda x: 1 / (1 + exp(-x)), (-30, -2, -0.25, 0, 0.5, 3, 40)),
        "tanh": (tanh, (-3, -0.5, 0, 0.25, 2)),
        "gelu": (lambda x: x / 2 * (1 + tanh(sqrt(2 / pi) * (x + mpf("0.044715") * x**3))),
                 (-4, -2, -0.75, 0, 0.5, 1, 3)),
        "elu": (lambda x: x if x > 0 else expm1(x), (-20, -2, -0.5, 0.5, 3)),
    }
    for name, (f, points) in functions.items():
        rows(name, [(mpf(x), f(mpf(x)), diff(f, mpf(x))) for x in points])


def log_sum_exp(z):
    return log(sum(exp(mpf(x)) for x in z))


def softmax():
    heading("03_softmax: probabilities; log-probabilities; log_sum_exp; its slope along a direction")
    logits = [(3, 2, -2), (-1, 3, -1), (0.5, -1.25, 2), (-3, 4, 0.25)]
    wide = [(0, -0.5, -20, -80), (10, 9.75, 9.5, 0)]
    directions = [(1, 0, 0), (0, 1, -2), (0.5, 0.25, -1), (1, 1, 1)]
    probabilities = [[exp(x - log_sum_exp(z)) for x in z] for z in logits]
    rows("softmax", probabilities)
    rows("softmax, four classes", [[exp(x - log_sum_exp(z)) for x in z] for z in wide])
    rows("log_softmax", [[x - log_sum_exp(z) for x in z] for z in logits])
    rows("log_sum_exp", [[log_sum_exp(z) for z in logits]])
    rows("slopes", [[sum(p * d for p, d in zip(ps, ds)) for ps, ds in zip(probabilities, directions)]])
    rows("sigmoid(1), log_sum_exp(0, 1), ln 2, ln 10", [[1 / (1 + exp(-1)), log_sum_exp((0, 1)), log(2), log(10)]])
    rows("log_sum_exp(0, -40), log_sum_exp(0, 6)", [[log_sum_exp((0, -40)), log_sum_exp((0, 6))]])


def tiny_network():
    heading("05_backprop: the tiny network's loss, and its differences along every parameter")
    inputs, labels = [[2, 1], [-1, 2]], [0, 2]
    tensors = {
        "0.weight": [[1, 0, -1], [0, 1, 1]], "0.bias": [[0, 1, -1]],
        "2.weight": [[1, 0, 0], [0, 1, -1], [-1, 0, 1]], "2.bias": [[1, 0, 0]],
    }
    tensors = {name: [[mpf(x) for x in row] for row in t] for name, t in tensors.items()}

    def dense(x, w, b):
        return [sum(x[i] * w[i][j] for i in range(len(x))) + b[0][j] for j in range(len(b[0]))]

    def loss():
        total = mpf(0)
        for x, label in zip(inputs, labels):
            hidden = [max(v, mpf(0)) for v in dense(x, tensors["0.weight"], tensors["0.bias"])]
            z = dense(hidden, tensors["2.weight"], tensors["2.bias"])
            total += log_sum_exp(z) - z[label]
        return total / len(labels)

    def slope(row, i, h=mpf(10) ** -15):
        here = row[i]
        row[i] = here + h
        above = loss()
        row[i] = here - h
        below = loss()
        row[i] = here
        return (above - below) / (2 * h)

    print("loss", show(loss()))
    for name, tensor in tensors.items():
        rows(name, [[slope(row, i) for i in range(len(row))] for row in tensor])


class SplitMix64:
    def __init__(self, seed):
        self.state = seed

    def next(self):
        mask = (1 << 64) - 1
        self.state = (self.state + 0x9E3779B97F4A7C15) & mask
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        return z ^ (z >> 31)

    def uniform(self, low, high):
        return low + (high - low) * ((self.next() >> 11) * 2.0**-53)

    def below(self, count):
        while True:
            x = self.next()
            if x >= (1 << 64) % count:
                return x % count

    def shuffled(self, count):
        items = list(range(count))
        for left in range(count, 1, -1):
            other = self.below(left)
            items[left - 1], items[other] = items[other], items[left - 1]
        return items


def training():
    heading("07_training: first weights for seed 1, orders for seed 1, Adam")
    random = SplitMix64(1)
    he = float(sqrt(mpf(3)))
    print("2-3-3, He:", [random.uniform(-he, he) for _ in range(6)])
    he = float(sqrt(mpf(2)))
    print("its second layer's first weight:", random.uniform(-he, he))
    random = SplitMix64(1)
    print("4-2-3, PyTorch, first bias:", [random.uniform(-0.5, 0.5) for _ in range(10)][8:])
    random = SplitMix64(1)
    print("two orders of 10:", random.shuffled(10), random.shuffled(10))
    rows("bounds for 784-128", [[sqrt(mpf(6) / 784), sqrt(mpf(6) / 912), 1 / sqrt(mpf(784))]])
    gradients = [("0.5", "1", "-0.25"), ("4", "-1", "0"), ("-0.001", "0.002", "0.003")]
    for beta1, beta2, epsilon in (("0.9", "0.999", "1e-8"), ("0.5", "0.75", "0.25")):
        rows(f"Adam({beta1}, {beta2}, {epsilon}), one weight a row, after steps 1, 2, 3",
             [adam(w, g, mpf(beta1), mpf(beta2), mpf(epsilon)) for w, g in zip((1, -2, 0.5), gradients)])


def adam(weight, gradients, beta1, beta2, epsilon, rate=mpf("0.1")):
    m = v = mpf(0)
    after = []
    for t, g in enumerate(gradients, 1):
        m = beta1 * m + (1 - beta1) * mpf(g)
        v = beta2 * v + (1 - beta2) * mpf(g) ** 2
        weight -= rate * (m / (1 - beta1**t)) / (sqrt(v / (1 - beta2**t)) + epsilon)
        after.append(weight)
    return after


if __name__ == "__main__":
    for part in (scalars, activations, softmax, tiny_network, training):
        part()
