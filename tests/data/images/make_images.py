#!/usr/bin/env python3
"""Makes the small images of this folder, for tests/common/image_test.cpp, byte by byte after the formats' own
descriptions. Run in this folder; halves.jpg takes cjpeg (Debian: libjpeg-turbo-progs)."""

import struct
import subprocess
import zlib

# 2 rows of 3 pixels, 0 black, 255 white.
GRAY = [[0, 64, 128], [192, 254, 255]]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, depth, color_type, rows, before_data=b""):
    """rows: the bytes of each row; each is stored without filter."""
    header = struct.pack(">IIBBBBB", width, height, depth, color_type, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before_data + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def bmp(rows):
    """24 bits a pixel, the lowest row first, each row filled up to four bytes."""
    height, width = len(rows), len(rows[0])
    data = b""
    for row in reversed(rows):
        line = bytes(value for pixel in row for value in (pixel, pixel, pixel))
        data += line + bytes(-len(line) % 4)
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, len(data), 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54 + len(data), 0, 0, 54) + header + data


def write(name, content):
    with open(name, "wb") as file:
        file.write(content)


flat = [value for row in GRAY for value in row]
write("gray.pgm", b"P5 3 2 255\n" + bytes(flat))
write("text.pgm", b"P2 3 2 255\n0 64 128\n192 254 255\n")
write("gray.png", png(3, 2, 8, 0, GRAY))
write("sixteen_bits.png", png(3, 2, 16, 0, [[byte for v in row for byte in (v, 7)] for row in GRAY]))
write("gray.bmp", bmp(GRAY))

# red, green / blue, white
colors = [[255, 0, 0, 0, 255, 0], [0, 0, 255, 255, 255, 255]]
write("color.png", png(2, 2, 8, 2, colors))
palette = chunk(b"PLTE", bytes(colors[0] + colors[1]))
write("palette.png", png(2, 2, 8, 3, [[0, 1], [2, 3]], palette))

# white: wholly there, half there, not there
write("transparent.png", png(3, 1, 8, 6, [[255, 255, 255, 255, 255, 255, 255, 128, 255, 255, 255, 0]]))

# Ink on nothing, half there in the third pixel, black and white.
black, white = [0, 0, 0], [255, 255, 255]
for name, ink in (("black", black), ("white", white)):
    write(name + "_on_nothing.png", png(4, 1, 8, 6, [[*black, 0, *black, 0, *ink, 128, *ink, 255]]))

# A header that claims 10,001 x 1 pixels, and one of 10,000 x 10,000 with next to no data.
write("too_wide.png", png(10001, 1, 8, 0, [[0]]))
write("claims_much.png", png(10000, 10000, 8, 0, [[0]]))

# 16 x 8, the left half black, the right half white: JPEG works on blocks of 8 x 8.
halves = b"P5 16 8 255\n" + (bytes(8) + b"\xff" * 8) * 8
write("halves.jpg", subprocess.run(["cjpeg", "-quality", "95"], input=halves, check=True, capture_output=True).stdout)
# cmyk.jpg, the same halves as a JPEG of four colors, was made once with tjCompress2() of TJPF_CMYK and is kept.
# The smallest GIF, which is none of the formats that are read.
write("dot.gif", b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\1\0\1\0\0\2\2D\1\0;")
