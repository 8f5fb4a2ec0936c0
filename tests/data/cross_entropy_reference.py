#!/usr/bin/env python3
"""Softmax, log-softmax, log-sum-exp, cross-entropy and its gradient of many rows of logits, in decimal
arithmetic of 400 digits: so many because 1 + e^-746 has to keep the e^-746.

    tests/data/cross_entropy_reference.py > tests/data/cross_entropy_reference.txt

Every logit is a float, and so also a double, exactly; all numbers are written in hexadecimal, which loses
nothing. Of each row:

    row KIND CLASSES LABEL     a label is a byte
    z        the logits
    p        softmax
    log_p    its logarithm
    loss     -log_p of the label, log_sum_exp, and d loss / d z of the label (of the others it is p)
"""
import random
import re
import struct
from decimal import Decimal, getcontext

getcontext().prec = 400
MARGINS = [0, 0.01, 1, 10, 16, 30, 40, 88, 89, 103, 104, 500, 709, 710, 745, 746, 1000]


def as_float(x):
    return struct.unpack("f", struct.pack("f", x))[0]


def rows(chance):
    """(kind, logits, label)"""
    for offset in (0, 100, -1e4, 1e4):
        for margin in MARGINS + [-m for m in MARGINS[1:]]:
            yield "margin", [offset, offset + margin], 0
    for classes in (1, 2, 3, 10, 100, 1000):
        yield "random", [chance.uniform(-10, 10) for _ in range(classes)], chance.randrange(min(classes, 256))
    for classes in (2, 10, 100):
        yield "wide", [chance.uniform(-80, 80) for _ in range(classes)], chance.randrange(min(classes, 256))
        yield "tiny", [chance.uniform(-1e-6, 1e-6) for _ in range(classes)], chance.randrange(min(classes, 256))
        yield "equal", [1e4] * classes, chance.randrange(min(classes, 256))
        yield "offset_1e4", [1e4 + chance.uniform(-5, 5) for _ in range(classes)], chance.randrange(min(classes, 256))
        yield "huge_1e4", [chance.uniform(-1e4, 1e4) for _ in range(classes)], chance.randrange(min(classes, 256))
        yield "huge_1e30", [chance.uniform(-1e30, 1e30) for _ in range(classes)], chance.randrange(min(classes, 256))
    for classes in (3, 10, 1000):
        logits = [chance.uniform(-50, -40) for _ in range(classes)]
        right = min(classes // 2, 255)
        logits[right] = 0
        yield "certain_right", logits, right
        yield "certain_wrong", logits, 0


def answers(z, label):
    z = [Decimal(x) for x in z]
    top = max(range(len(z)), key=z.__getitem__)
    powers = [(x - z[top]).exp() for x in z]
    others = sum((e for k, e in enumerate(powers) if k != top), Decimal(0))
    rest = (1 + others).ln()
    p = [e / (1 + others) for e in powers]
    log_p = [(x - z[top]) - rest for x in z]
    gradient = -sum((x for k, x in enumerate(p) if k != label), Decimal(0))
    return p, log_p, -log_p[label], z[top] + rest, gradient


def hexadecimal(numbers):
    return " ".join(re.sub(r"\.?0*p", "p", float(x).hex()) for x in numbers)


def main():
    print("# Made by cross_entropy_reference.py, which says what it holds.")
    for kind, logits, label in rows(random.Random(1)):
        z = [as_float(x) for x in logits]
        p, log_p, loss, log_sum_exp, gradient = answers(z, label)
        print(f"row {kind} {len(z)} {label}\nz {hexadecimal(z)}\np {hexadecimal(p)}\nlog_p {hexadecimal(log_p)}")
        print("loss", hexadecimal([loss, log_sum_exp, gradient]))


if __name__ == "__main__":
    main()
