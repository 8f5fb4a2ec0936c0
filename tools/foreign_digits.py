#!/usr/bin/env python3
"""Other people's digits in MNIST's format, to evaluate a model on them:

    tools/foreign_digits.py sklearn /usr/lib/python3/dist-packages/sklearn/datasets/data/digits.csv.gz DIR
    tools/foreign_digits.py opencv /usr/share/doc/opencv-doc/examples/data/digits.png DIR
    build/release/bin/digits evaluate --model models/mnist.safetensors --data DIR

sklearn: 1,797 digits of 8 x 8 pixels with 17 gray values (Alpaydin and Kaynak 1998; Debian's package python3-sklearn).
opencv: a sheet of 5,000 digits of 20 x 20 pixels (Debian's package opencv-doc).
Each digit is scaled so that its longer side is 20 pixels, and its center of mass is put in the middle of 28 x 28, as in
MNIST. DIR gets the four IDX files; training and test images are the same. Needs nothing but Python.
"""
import gzip
import os
import struct
import sys
import zlib

BOX, SIDE = 20, 28


def fail(text):
    sys.exit("foreign_digits.py: " + text)


def read_sklearn(path):
    """[(rows of gray values 0..255, label)]"""
    digits = []
    with gzip.open(path, "rt") as lines:
        for line in lines:
            numbers = [float(x) for x in line.split(",")]
            if len(numbers) != 65:
                fail(f"{path}: a line has {len(numbers)} numbers, expected 64 pixels and a label")
            pixels = [min(255.0, x * 255 / 16) for x in numbers[:64]]
            digits.append(([pixels[8 * r : 8 * r + 8] for r in range(8)], int(numbers[64])))
    return digits


def read_gray_png(path):
    """The rows of a PNG with 8 bits of gray, or of color, of which the first one is taken."""
    data = open(path, "rb").read()
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        fail(f"{path}: is no PNG")
    at, packed, header = 8, b"", None
    while at < len(data):
        (length,), kind = struct.unpack(">I", data[at : at + 4]), data[at + 4 : at + 8]
        body = data[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            header = struct.unpack(">IIBBBBB", body)
        if kind == b"IDAT":
            packed += body
        at += 12 + length
    width, height, depth, color, _, _, interlaced = header
    if depth != 8 or color not in (0, 2, 4, 6) or interlaced:
        fail(f"{path}: expected 8 bits of gray or color, not interlaced")
    channels = {0: 1, 2: 3, 4: 2, 6: 4}[color]
    raw, stride, before, rows = zlib.decompress(packed), width * channels, bytearray(width * channels), []
    for r in range(height):
        line = raw[r * (stride + 1) : (r + 1) * (stride + 1)]
        row = bytearray(line[1:])
        for i in range(stride):
            left = row[i - channels] if i >= channels else 0
            up, corner = before[i], before[i - channels] if i >= channels else 0
            estimate = left + up - corner
            nearest = min((left, up, corner), key=lambda x: abs(estimate - x))
            row[i] = (row[i] + (0, left, up, (left + up) // 2, nearest)[line[0]]) & 255
        before = row
        rows.append([float(x) for x in row[::channels]])
    return rows


def read_opencv(path):
    sheet = read_gray_png(path)
    if (len(sheet), len(sheet[0])) != (1000, 2000):
        fail(f"{path}: has {len(sheet)} x {len(sheet[0])} pixels, expected 1000 x 2000")
    return [
        ([row[20 * c : 20 * c + 20] for row in sheet[20 * r : 20 * r + 20]], r // 5)
        for r in range(50)
        for c in range(100)
    ]


def trimmed(image):
    """Without the rows and columns at the edges that are background."""
    rows = [r for r, row in enumerate(image) if max(row) > 0]
    cols = [c for c in range(len(image[0])) if max(row[c] for row in image) > 0]
    return [row[cols[0] : cols[-1] + 1] for row in image[rows[0] : rows[-1] + 1]]


def interpolated(image, row, col):
    """Between the centers of four pixels; outside is background."""
    r, c = int(row // 1), int(col // 1)
    down, right = row - r, col - c

    def at(i, j):
        return image[i][j] if 0 <= i < len(image) and 0 <= j < len(image[0]) else 0.0

    above = (1 - right) * at(r, c) + right * at(r, c + 1)
    below = (1 - right) * at(r + 1, c) + right * at(r + 1, c + 1)
    return (1 - down) * above + down * below


def like_mnist(image):
    image = trimmed(image)
    scale = BOX / max(len(image), len(image[0]))
    ink = sum(map(sum, image))
    center_row = sum(r * sum(row) for r, row in enumerate(image)) / ink
    center_col = sum(c * x for row in image for c, x in enumerate(row)) / ink
    middle = SIDE / 2  # where MNIST has the center of mass: at pixel (14, 14), on average
    return bytes(
        min(255, round(interpolated(image, center_row + (r - middle) / scale, center_col + (c - middle) / scale)))
        for r in range(SIDE)
        for c in range(SIDE)
    )


def main():
    readers = {"sklearn": read_sklearn, "opencv": read_opencv}
    if len(sys.argv) != 4 or sys.argv[1] not in readers:
        print("usage: tools/foreign_digits.py sklearn|opencv FILE DIR", file=sys.stderr)
        sys.exit(2)
    kind, path, folder = sys.argv[1:]
    if not os.path.exists(path):
        package = {"sklearn": "python3-sklearn", "opencv": "opencv-doc"}[kind]
        fail(f"{path}: there is no such file; Debian has it in the package {package}")
    digits = readers[kind](path)
    pixels = b"".join(like_mnist(image) for image, _ in digits)
    labels = bytes(label for _, label in digits)
    os.makedirs(folder, exist_ok=True)
    for part in ("train", "t10k"):
        with open(os.path.join(folder, part + "-images-idx3-ubyte"), "wb") as file:
            file.write(struct.pack(">IIII", 0x803, len(digits), SIDE, SIDE) + pixels)
        with open(os.path.join(folder, part + "-labels-idx1-ubyte"), "wb") as file:
            file.write(struct.pack(">II", 0x801, len(digits)) + labels)
    print(f"{len(digits)} digits in {folder}")


if __name__ == "__main__":
    main()
