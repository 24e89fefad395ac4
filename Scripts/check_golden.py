#!/usr/bin/env python3
"""Checks the golden files of Tests/HotStuffTests/Wire/Golden against an implementation of its own.

It shares no code with the Swift encoder and the Swift hash: it packs every golden value with `struct` and recomputes
every golden digest independently, with the `blake3` package from PyPI, which wraps the official implementation.

    pip install blake3
    python3 Scripts/check_golden.py            # check; exit status 1 if a file differs
    python3 Scripts/check_golden.py --write    # write the files anew, after a deliberate change of the format
"""

import struct
import sys
from pathlib import Path

from blake3 import blake3

FOLDER = Path(__file__).resolve().parent.parent / "Tests" / "HotStuffTests" / "Wire" / "Golden"


def u8(number):
    return struct.pack("<B", number)


def u16(number):
    return struct.pack("<H", number)


def u32(number):
    return struct.pack("<I", number)


def u64(number):
    return struct.pack("<Q", number)


def run(first):
    return bytes(range(first, first + 32))


def byte_string(content):
    return u32(len(content)) + content


def listed(elements):
    return u32(len(elements)) + b"".join(elements)


def option(value):
    return b"\x00" if value is None else b"\x01" + value


def hashed(domain, encoding):
    tag = b"" if domain == "none" else domain.encode("ascii")
    assert len(tag) in (0, 16)
    return blake3(tag + encoding).digest()


def signature_set(signed):
    bitmap = 0
    for signer in signed:
        bitmap |= 1 << signer
    length = (bitmap.bit_length() + 7) // 8
    signatures = [byte_string(bytes.fromhex(signed[signer])) for signer in sorted(signed)]
    return byte_string(bitmap.to_bytes(length, "little")) + listed(signatures)


CHAIN = run(0x10)
EPOCH = u64(2)
VIEW = u64(0x0102030405060708)

HEADER = (
    u16(1) + CHAIN + EPOCH + VIEW + u64(99) + run(0x30) + u64(7) + u16(3) + run(0x50) + run(0x70)
    + u64(98) + run(0x90) + u64(1_700_000_000_000) + u8(16) + u64(0x0A0B0C0D0E0F1011)
)
BLOCK_ID = hashed("hotstuff/block/1", HEADER)
VOTE_STATEMENT = CHAIN + EPOCH + VIEW + run(0xB0) + u64(99) + u64(7) + option(run(0xD0))
BARREN_VOTE_STATEMENT = CHAIN + EPOCH + u64(7) + run(0x30) + u64(98) + u64(5) + option(None)
TIMEOUT_STATEMENT = CHAIN + EPOCH + u64(9) + u64(7)
PROPOSAL_STATEMENT = CHAIN + EPOCH + VIEW + BLOCK_ID

QUORUM_CERTIFICATE = BARREN_VOTE_STATEMENT + signature_set({0: "a0", 2: "a2a3", 9: ""})
TIMEOUT_CERTIFICATE = (
    CHAIN + EPOCH + u64(8) + signature_set({1: "b1", 3: "b3"}) + listed([u64(6), u64(7)]) + QUORUM_CERTIFICATE
)

KEY = u64(12) + u32(5) + u64(34)
OPENING_KEY = u64(0) + u32(0) + u64(0x1122334455667788)
COMMAND = KEY + byte_string(bytes.fromhex("c0c1c2"))
OPENING = OPENING_KEY + byte_string(b"")
PAYLOAD = listed([COMMAND, OPENING])
BLOCK = HEADER + PAYLOAD + QUORUM_CERTIFICATE
SIGNATURE = byte_string(bytes.fromhex("d0d1d2d3"))

OUTCOMES = [
    u8(0) + byte_string(bytes.fromhex("e0e1")),
    u8(1) + u64(99) + u32(1),
    u8(2),
    u8(3),
    u8(4),
]
STATUS = (
    u16(1) + VIEW + u16(2) + u64(97) + run(0x40) + u64(96) + run(0x60) + run(0x80) + u64(1_000_000) + u64(17)
    + u64(23)
)
VALIDATORS = listed([byte_string(bytes.fromhex("f0f1")) + u64(1), byte_string(bytes.fromhex("f2")) + u64(300)])
PARAMETERS = u32(100) + u32(2_000) + u32(30_000) + u64(400) + u64(5) + u64(6_000) + u8(0) + u64(1) + u8(2) + u8(1)
GENESIS = u16(1) + byte_string("Z\u00fcrich".encode()) + VALIDATORS + byte_string(b"ML-DSA-44") + PARAMETERS

SNAPSHOT_BEFORE, SNAPSHOT_ROOT = run(0x20), run(0x40)
SNAPSHOT_POINT = u64(99) + SNAPSHOT_BEFORE + SNAPSHOT_ROOT
SNAPSHOT_NAME = u64(99) + SNAPSHOT_ROOT
SNAPSHOT_MANIFEST = (
    u16(1) + CHAIN + u64(99) + BLOCK_ID + VIEW + EPOCH + hashed("hotstuff/execu/1", SNAPSHOT_BEFORE + SNAPSHOT_ROOT)
    + SNAPSHOT_BEFORE + u32(1 << 20) + u64(3_000_000) + SNAPSHOT_ROOT
)
STEPS = [u64(7) + run(0x60) + option(None), u64(8) + run(0x62) + option(run(0x64))]
SNAPSHOT_OFFER = SNAPSHOT_MANIFEST + SNAPSHOT_POINT + listed(STEPS) + HEADER + QUORUM_CERTIFICATE
FOUNDATION = u64(98) + listed([HEADER + PAYLOAD]) + option(QUORUM_CERTIFICATE)

# Name of the file, domain of the digest, encoding.
CASES = [
    ("block-header", "hotstuff/block/1", HEADER),
    ("vote-statement", "hotstuff/vote_/1", VOTE_STATEMENT),
    ("vote-statement-committing-nothing", "hotstuff/vote_/1", BARREN_VOTE_STATEMENT),
    ("timeout-statement", "hotstuff/tmout/1", TIMEOUT_STATEMENT),
    ("proposal-statement", "hotstuff/propo/1", PROPOSAL_STATEMENT),
    ("command", "hotstuff/comma/1", COMMAND),
    ("payload", "hotstuff/pload/1", PAYLOAD),
    ("genesis", "hotstuff/genes/1", GENESIS),
    ("message-proposal", "none", u8(1) + BLOCK + option(None) + SIGNATURE),
    ("message-proposal-after-timeout", "none", u8(1) + BLOCK + option(TIMEOUT_CERTIFICATE) + SIGNATURE),
    ("message-brief-proposal", "none", u8(14) + HEADER + PAYLOAD + SIGNATURE),
    ("message-vote", "none", u8(2) + VOTE_STATEMENT + u16(258) + SIGNATURE),
    (
        "message-timeout",
        "none",
        u8(3) + TIMEOUT_STATEMENT + u16(1) + SIGNATURE + QUORUM_CERTIFICATE + option(TIMEOUT_CERTIFICATE),
    ),
    ("message-certificates", "none", u8(4) + QUORUM_CERTIFICATE + option(None)),
    ("message-commands", "none", u8(5) + listed([COMMAND, OPENING])),
    ("message-block-request", "none", u8(6) + run(0x30) + u64(0x0102) + u64(64)),
    ("message-block-response", "none", u8(7) + run(0x30) + listed([BLOCK])),
    ("message-range-request", "none", u8(10) + u64(0x0102) + u64(0x0304)),
    (
        "message-block-range",
        "none",
        u8(11) + u64(0x0102) + listed([HEADER + PAYLOAD]) + option(QUORUM_CERTIFICATE),
    ),
    ("message-snapshot-request-offer", "none", u8(12) + u8(0) + u64(0x0102)),
    ("message-snapshot-request-outline", "none", u8(12) + u8(1) + SNAPSHOT_NAME),
    ("message-snapshot-request-chunk", "none", u8(12) + u8(2) + SNAPSHOT_NAME + u32(0x01020304)),
    ("message-snapshot-offer", "none", u8(13) + u8(0) + SNAPSHOT_OFFER),
    (
        "message-snapshot-outline",
        "none",
        u8(13) + u8(1) + SNAPSHOT_NAME + listed([run(0x70), run(0x72)]) + FOUNDATION,
    ),
    (
        "message-snapshot-chunk",
        "none",
        u8(13) + u8(2) + SNAPSHOT_NAME + u32(0x01020304) + byte_string(bytes.fromhex("e0e1")),
    ),
    ("message-snapshot-nothing", "none", u8(13) + u8(3) + u8(0) + u64(0x0102)),
    (
        "message-echo",
        "none",
        u8(8)
        + option(VOTE_STATEMENT + u16(258) + SIGNATURE)
        + option(TIMEOUT_STATEMENT + u16(1) + SIGNATURE),
    ),
    ("message-plea", "none", u8(9) + u64(0x01020304)),
    ("client-request-submit", "none", u8(1) + listed([OPENING])),
    ("client-request-status", "none", u8(2)),
    (
        "client-response-results",
        "none",
        u8(1) + listed([KEY + run(0x20) + u64(99) + outcome for outcome in OUTCOMES]),
    ),
    ("client-response-busy", "none", u8(2) + listed([KEY])),
    ("client-response-refused", "none", u8(3) + listed([KEY, OPENING_KEY])),
    ("client-response-status", "none", u8(4) + STATUS),
]


def text_of(domain, encoding):
    digest = hashed(domain, encoding)
    return (
        "# Written by Scripts/check_golden.py; the digest is BLAKE3 over the domain's tag, if any, and the encoding.\n"
        f"domain: {domain}\nencoding: {encoding.hex()}\ndigest: {digest.hex()}\n"
    )


def main():
    expected = {f"{name}.txt": text_of(domain, encoding) for name, domain, encoding in CASES}
    assert len(expected) == len(CASES)
    if "--write" in sys.argv[1:]:
        FOLDER.mkdir(exist_ok=True)
        for name, text in expected.items():
            (FOLDER / name).write_text(text)
        return 0
    found = {path.name: path.read_text() for path in FOLDER.glob("*.txt")}
    differing = sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))
    for name in differing:
        print(f"{name} differs", file=sys.stderr)
    print(f"{len(expected) - len(differing)} of {len(expected)} golden files are as recomputed")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
