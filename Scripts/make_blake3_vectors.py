#!/usr/bin/env python3
"""Writes the BLAKE3 test vectors of Tests/BLAKE3Tests/Vectors to standard output.

Needs the `blake3` package from PyPI, which wraps the official implementation:

    pip install blake3
    python3 Scripts/make_blake3_vectors.py > Tests/BLAKE3Tests/Vectors/blake3.json

Input byte i of every case is the top byte of the i-th state of a linear congruential generator, so no two chunks are alike.
"""

import json

from blake3 import blake3

KEY = bytes(range(0xE0, 0x100))
CONTEXT = "swift-hotstuff 2025 BLAKE3 vectors \u2014 d\u00e9rivation"
OUTPUT_LENGTH = 97

BLOCK = 64
CHUNK = 1024


def make_input(length):
    state, out = 1, bytearray()
    for _ in range(length):
        state = (state * 1664525 + 1013904223) % 2**32
        out.append(state >> 24)
    return bytes(out)


def make_lengths():
    lengths = {0, 1, 2, 3, 4, 5, 7, 8, 31, 32, 33}
    for chunk in range(4):
        edges = [0, 1, 2, 8, 15, 16] if chunk < 3 else [0]
        for block in edges:
            lengths.update(chunk * CHUNK + block * BLOCK + delta for delta in (-1, 0, 1))
    for chunks in (4, 5, 7, 8, 11, 16, 31):
        lengths.update(chunks * CHUNK + delta for delta in (-1, 0, 1))
    lengths.update({100_003})
    return sorted(length for length in lengths if length >= 0)


def main():
    cases = []
    for length in make_lengths():
        data = make_input(length)
        cases.append(
            {
                "length": length,
                "hash": blake3(data).hexdigest(length=OUTPUT_LENGTH),
                "keyedHash": blake3(data, key=KEY).hexdigest(length=OUTPUT_LENGTH),
                "deriveKey": blake3(data, derive_key_context=CONTEXT).hexdigest(length=OUTPUT_LENGTH),
            }
        )
    print(json.dumps({"key": KEY.hex(), "context": CONTEXT, "cases": cases}, indent=1))


if __name__ == "__main__":
    main()
