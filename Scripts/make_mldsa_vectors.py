#!/usr/bin/env python3
"""Writes the ML-DSA test vectors of Tests/PostQuantumTests/Vectors to standard output.

Needs two packages from PyPI that know nothing of each other: `dilithium-py`, which is FIPS 204 written down in Python and
makes the vectors, and `cryptography`, whose OpenSSL must derive the same public keys, accept every signature and refuse
every alteration before a line is written:

    pip install dilithium-py==1.5.1 cryptography==50.0.2
    python3 Scripts/make_mldsa_vectors.py > Tests/PostQuantumTests/Vectors/mldsa.json

Every byte comes from SHAKE256 of a label, so the output is the same each time. Long outputs are written as their SHA-256;
one public key and one signature of each parameter set are written whole, and the altered signatures are edits of that one.
`attempts` is how many times the signer drew a mask before one was good (FIPS 204, algorithm 7, line 10).
"""

import hashlib
import importlib.metadata
import json

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import mldsa
from dilithium_py.ml_dsa import ML_DSA_44, ML_DSA_65

VERSION = 1
PACKAGES = ["dilithium-py", "cryptography"]

SETS = {
    "ml-dsa-44": (ML_DSA_44, mldsa.MLDSA44PrivateKey, mldsa.MLDSA44PublicKey),
    "ml-dsa-65": (ML_DSA_65, mldsa.MLDSA65PrivateKey, mldsa.MLDSA65PublicKey),
}
KEY_COUNT = 4
CONTEXT_LENGTHS = [0, 1, 23, 255]
MESSAGE_LENGTHS = [0, 1, 32, 71, 72, 135, 136, 137, 1000]  # beside 32: the edges of a SHAKE256 block behind tr and prefix
DETERMINISTIC = bytes(32)

# Numbers of messages (four bytes, low one first) of which key 0 makes another signature as soon as one bound of the signer
# is moved by one: that of r0 or of z up or down, or omega. They were found by search with signers broken in this way.
NARROW = {
    "ml-dsa-44": [197, 156, 68, 102, 96, 308],
    "ml-dsa-65": [56, 153, 354, 1765, 476, 151],
}

# A seed and a representative with attempts rejected for every reason there is, which for ML-DSA-44 includes a large c t0, once
# in millions (table 1 of https://pages.nist.gov/ACVP/draft-celi-acvp-ml-dsa.html).
ALL_REJECTIONS = {
    "ml-dsa-44": (
        "5c624fcc1862452452d0c665840d8237f43108e5499edcdc108fbc49d596e4b7",
        "2ad1c72bb0fcbe28099ce8bd2ed836dfebe520aad38fbac66ef785a3cfb10fb4"
        "19327fa57818ee4e3718da4be48d24b59a208f8807271fdb7eda6e60141bd263",
    ),
    "ml-dsa-65": (
        "464756a985e5df03739d95dd309c1ed9c5b04254cc294e7e7eb9b9365ee15117",
        "bcbed96ad917133fbecd0de58dfbd124d66887009814dc4ad756992c9c23af9b"
        "7e0f08c34d87f29f89256112e827e66c36bcc107eb99aff5fd4d254754c1f9e3",
    ),
}
Q = 8380417


def draw(label, length):
    return hashlib.shake_256(f"swift-hotstuff ML-DSA vectors {VERSION}: {label}".encode()).digest(length)


def digest(data):
    return hashlib.sha256(data).hexdigest()


class Key:
    """A key pair in both implementations, which must agree on it."""

    def __init__(self, name, seed):
        self.reference, private, public = SETS[name]
        self.seed = seed
        self.public, self.expanded = self.reference.key_derive(self.seed)
        other = private.from_seed_bytes(self.seed).public_key()
        assert other.public_bytes_raw() == self.public
        self.other = public.from_public_bytes(self.public)

    def sign(self, message, randomness, is_representative):
        """The signature and the number of masks drawn for it."""
        attempts = 0
        expand = self.reference._expand_mask_vector

        def counted(*arguments):
            nonlocal attempts
            attempts += 1
            return expand(*arguments)

        self.reference._expand_mask_vector = counted
        try:
            signature = self.reference._sign_internal(self.expanded, message, randomness, is_representative)
        finally:
            del self.reference._expand_mask_vector
        return signature, attempts

    def accepts(self, signature, message, context):
        """Whether both implementations accept a signature; they must agree."""
        verdict = self.reference.verify(self.public, message, signature, context)
        try:
            self.other.verify(signature, message, context)
            assert verdict
        except (InvalidSignature, ValueError):
            assert not verdict
        return verdict


def make_case(name, keys, index, message, context, randomness):
    key = keys[index]
    formatted = bytes([0, len(context)]) + context + message
    signature, attempts = key.sign(formatted, randomness, False)
    assert key.accepts(signature, message, context)
    mu = key.reference.prehash_external_mu(key.public, message, context)
    assert key.sign(mu, randomness, True)[0] == signature
    case = {
        "key": index,
        "message": message.hex(),
        "context": context.hex(),
        "randomness": randomness.hex(),
        "representative": mu.hex(),
        "signatureSHA256": digest(signature),
        "attempts": attempts,
    }
    return case, signature


def make_cases(name, keys):
    plan = [(length, 32, DETERMINISTIC) for length in CONTEXT_LENGTHS]
    plan += [(23, length, DETERMINISTIC) for length in MESSAGE_LENGTHS if length != 32]
    plan += [(length, 32, draw(f"{name} randomness {length}", 32)) for length in CONTEXT_LENGTHS]
    plan += [(23, 32, bytes([0xFF] * 32))]
    for number, (context_length, message_length, randomness) in enumerate(plan):
        context = draw(f"{name} context {number}", context_length)
        message = draw(f"{name} message {number}", message_length)
        yield make_case(name, keys, number % KEY_COUNT, message, context, randomness)[0]
    for number in NARROW[name]:
        yield make_case(name, keys, 0, number.to_bytes(4, "little"), b"", DETERMINISTIC)[0]


def make_representatives(name, keys):
    """Signatures of a representative that no known message has."""
    plan = []
    for number, mu in enumerate([bytes(64), bytes([0xFF] * 64), draw(f"{name} representative", 64)]):
        plan.append((number, mu, DETERMINISTIC))
        plan.append((number, mu, draw(f"{name} representative randomness {number}", 32)))
    plan.append((KEY_COUNT, bytes.fromhex(ALL_REJECTIONS[name][1]), DETERMINISTIC))
    for index, mu, randomness in plan:
        key = keys[index]
        signature, attempts = key.sign(mu, randomness, True)
        key.other.verify_mu(signature, mu)
        yield {
            "key": index,
            "representative": mu.hex(),
            "randomness": randomness.hex(),
            "signatureSHA256": digest(signature),
            "attempts": attempts,
        }


def make_edits(reference, signature):
    """Alterations of a signature by name: bytes that are put in other places than they were."""
    size, weight, rows = len(signature), reference.omega, reference.k
    challenge_end = reference.c_tilde_bytes
    hint = size - weight - rows
    bits = 18 if reference.gamma_1 == 1 << 17 else 20
    bound = reference.gamma_1 - reference.beta
    ends = signature[size - rows :]
    first_row, used = ends[0], ends[-1]
    assert first_row >= 2 and 0 < ends[-2] < used < weight, "the base signature has too few hints for these edits"

    def flip(position, mask):
        return {position: signature[position] ^ mask}

    def coefficient(index, value):
        """Coefficient `index` of z, coded as gamma_1 - value (FIPS 204, algorithm 17)."""
        at, start = index * bits, challenge_end + index * bits // 8
        window = int.from_bytes(signature[start : start + 4], "little")
        shift = at % 8
        window = window & ~(((1 << bits) - 1) << shift) | (reference.gamma_1 - value) << shift
        return {start + i: byte for i, byte in enumerate(window.to_bytes(4, "little"))}

    yield "the first bit of the challenge flipped", flip(0, 1)
    yield "the last bit of the challenge flipped", flip(challenge_end - 1, 0x80)
    for row in range(reference.l):
        yield f"a low bit of z's polynomial {row} flipped", flip(challenge_end + row * 32 * bits + 9, 1)
    yield "the last bit of z flipped", flip(hint - 1, 0x80)
    for value in (bound, -bound, bound + 1, reference.gamma_1, -reference.gamma_1 + 1):
        yield f"z's first coefficient is {value}", coefficient(0, value)
        yield f"z's last coefficient is {value}", coefficient(reference.l * 256 - 1, value)
    yield "one hint at another place", flip(hint + used - 1, 1)
    yield "the first two hints in the wrong order", {hint: signature[hint + 1], hint + 1: signature[hint]}
    yield "the first hint twice", {hint + 1: signature[hint]}
    yield "the last hint again", {hint + used: signature[hint + used - 1], size - 1: used + 1}
    yield "a byte behind the last hint", {hint + used: 1}
    yield "a byte at the end of the room for hints", {hint + weight - 1: 0xFF}
    yield "the count of hints goes back", {size - 1: ends[-2] - 1}
    yield "the count of hints exceeds omega", {size - 1: weight + 1}
    yield "the count of hints is 255", {size - 1: 0xFF}
    yield "the first polynomial's count of hints exceeds omega", {size - rows: weight + 1}
    yield "a hint is left out", {hint + used - 1: 0, size - 1: used - 1}


def make_altered(name, keys, signature, message, context):
    """What must be refused, as differences to the case that is written whole."""
    key, stranger = keys[0], keys[1]
    for title, edits in make_edits(key.reference, signature):
        altered = bytearray(signature)
        for position, value in edits.items():
            altered[position] = value
        assert bytes(altered) != signature and not key.accepts(bytes(altered), message, context), title
        edits = [[position, value] for position, value in sorted(edits.items()) if signature[position] != value]
        yield {"name": title, "edits": edits}
    others = [
        ("another message", key, message[:-1] + bytes([message[-1] ^ 1]), context),
        ("a shorter message", key, message[:-1], context),
        ("a longer message", key, message + b"\0", context),
        ("no context", key, message, b""),
        ("another context", key, message, bytes([context[0] ^ 1]) + context[1:]),
        ("a context that took a byte of the message", key, message[1:], context + message[:1]),
        ("another key", stranger, message, context),
    ]
    for title, owner, other_message, other_context in others:
        assert not owner.accepts(signature, other_message, other_context), title
        yield {
            "name": title,
            "edits": [],
            "key": keys.index(owner),
            "message": other_message.hex(),
            "context": other_context.hex(),
        }


def sign_at_bound(key, mu, extreme):
    """A signature that is right in everything but that one coefficient of z, and no other, is at the bound.

    This is algorithm 7 of FIPS 204 from line 11 on, with the check of line 23 turned round for z.
    """
    scheme = key.reference
    rho, _, _, s1, s2, t0 = (part if isinstance(part, bytes) else part.to_ntt() for part in scheme._unpack_sk(key.expanded))
    matrix = scheme._expand_matrix_from_seed(rho)
    alpha, bound, kappa = 2 * scheme.gamma_2, scheme.gamma_1 - scheme.beta, 0
    while True:
        y = scheme._expand_mask_vector(draw(f"mask {mu.hex()} {extreme}", 64), kappa)
        kappa += scheme.l
        w = (matrix @ y.to_ntt()).from_ntt()
        c_tilde = scheme._h(mu + w.high_bits(alpha).bit_pack_w(scheme.gamma_2), scheme.c_tilde_bytes)
        c = scheme.R.sample_in_ball(c_tilde, scheme.tau).to_ntt()
        z = y + s1.scale(c).from_ntt()
        centred = [(value + Q // 2) % Q - Q // 2 for row in z._data for poly in row for value in poly.coeffs]
        if [value for value in centred if abs(value) >= bound] != [extreme * bound]:
            continue
        rest = w - s2.scale(c).from_ntt()
        ct0 = t0.scale(c).from_ntt()
        if rest.low_bits(alpha).check_norm_bound(scheme.gamma_2 - scheme.beta) or ct0.check_norm_bound(scheme.gamma_2):
            continue
        hint = (-ct0).make_hint(rest + ct0, alpha)
        if hint.sum_hint() <= scheme.omega:
            return scheme._pack_sig(c_tilde, z, hint)


def make_forged(keys, message, context):
    """Signatures that a verifier accepts which forgets the bound of z."""
    key = keys[0]
    mu = key.reference.prehash_external_mu(key.public, message, context)
    for extreme, title in ((1, "z at its upper bound"), (-1, "z at its lower bound")):
        signature = sign_at_bound(key, mu, extreme)
        assert not key.accepts(signature, message, context)
        key.reference.beta -= 1
        assert key.reference.verify(key.public, message, signature, context)
        key.reference.beta += 1
        yield {"name": title, "signature": signature.hex()}


def make_set(name):
    keys = [Key(name, draw(f"{name} seed {number}", 32)) for number in range(KEY_COUNT)]
    keys.append(Key(name, bytes.fromhex(ALL_REJECTIONS[name][0])))
    message, context = draw(f"{name} whole message", 32), draw(f"{name} whole context", 23)
    whole, signature = make_case(name, keys, 0, message, context, DETERMINISTIC)
    return {
        "scheme": name,
        "keys": [
            {"seed": key.seed.hex(), "publicKeySHA256": digest(key.public), "expandedKeySHA256": digest(key.expanded)}
            for key in keys
        ],
        "publicKeys": [key.public.hex() for key in keys[:2]],
        "whole": whole | {"signature": signature.hex()},
        "cases": list(make_cases(name, keys)),
        "representatives": list(make_representatives(name, keys)),
        "altered": list(make_altered(name, keys, signature, message, context)),
        "forged": list(make_forged(keys, message, context)),
    }


def main():
    document = {
        "source": f"Scripts/make_mldsa_vectors.py, version {VERSION}",
        "packages": {package: importlib.metadata.version(package) for package in PACKAGES},
        "sets": [make_set(name) for name in SETS],
    }
    print(json.dumps(document, indent=1))


if __name__ == "__main__":
    main()
