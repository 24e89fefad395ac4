#!/usr/bin/env bash
# Fuzzes ML-DSA with libFuzzer: every kernel and swift-crypto (ML-DSA-65) must give the right verdict about each key and
# signature, and every kernel the same key and signature for each seed.
#
#     Scripts/fuzz.sh [seconds] [options of libFuzzer ...]        60 seconds unless told otherwise
#
# Builds Fuzz/ with --sanitize=fuzzer, makes a seed corpus for each way to make an input (Fuzz/Sources/SignatureFuzzer) and
# keeps what libFuzzer adds to it in Fuzz/.build/corpus. An input that fails is kept in Fuzz/.build/findings and repeated by
#
#     Scripts/fuzz.sh 0 Fuzz/.build/findings/crash-...
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

seconds="${1:-60}"
shift || true
touch Fuzz/Package.swift # or SwiftPM misses new files of a package that is a dependency by path
swift build --package-path Fuzz -c release --sanitize=fuzzer
program="$(swift build --package-path Fuzz -c release --sanitize=fuzzer --show-bin-path)/SignatureFuzzer"

# libFuzzer catches the signals itself; Swift's own handler would only come in between.
export SWIFT_BACKTRACE=enable=no
if [ "$seconds" = 0 ]; then exec "$program" "$@"; fi

corpus=Fuzz/.build/corpus
findings=Fuzz/.build/findings
mkdir -p "$corpus" "$findings"
seed() { printf "$2" >"$corpus/seed-$1"; }

# The first byte: scheme, and which trial; see Fuzzer.swift. Both schemes of each.
for scheme in 0 1; do
    first() { printf '\\x%02x' $((scheme + 2 * $1)); }
    name() { printf '%s-%s' "$1" "$scheme"; }
    seed "$(name raw-nothing)" "$(first 0)"
    seed "$(name raw-long)" "$(first 0)$(printf '\\xaa%.0s' $(seq 3309))"
    seed "$(name sample)" "$(first 1)"
    seed "$(name sample-edited)" "$(first 1)"'\x00\x00\x05\x01\x02\x00\x03\x07\x03\x01\x02'
    seed "$(name sample-key)" "$(first 1)"'\x04\x01\x00\x80'
    seed "$(name sample-message)" "$(first 1)"'\x05\x02ab\x06\x01c'
    seed "$(name sample-cut)" "$(first 1)"'\x07\x01\x00'
    for style in 00 01 02 03 04; do
        for hint in 00 01 02 03 83; do
            seed "$(name forged-$style-$hint)" "$(first 2)"'\x01ab\x12\x34\x'$style'\x'$hint
        done
        for edit in 00 01 02 03 04 05 07 08 09 0a 0b; do
            seed "$(name forged-$style-edit-$edit)" "$(first 2)"'\x02cd\x56\x78\x'$style'\x02\x01\x05\x'$edit'\x09'
        done
    done
    seed "$(name signed)" "$(first 3)"'0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\x03ctxmessage'
done

"$program" -max_total_time="$seconds" -max_len=4096 -len_control=0 -timeout=30 -print_final_stats=1 \
    -artifact_prefix="$findings/" "$@" "$corpus"
