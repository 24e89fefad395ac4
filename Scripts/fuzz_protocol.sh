#!/usr/bin/env bash
# Fuzzes what replicas hear and what their disks hold, with libFuzzer: frames and records of the journal are refused or have
# one form, a journal opens or is refused and holds nothing that was not written, and no sequence of events makes the core
# trap, take back a commit, or break a promise, whoever lies, restarts in between included.
#
#     Scripts/fuzz_protocol.sh [seconds] [options of libFuzzer ...]        60 seconds unless told otherwise
#
# Builds Fuzz/ with --sanitize=fuzzer, and keeps what libFuzzer adds to the corpus in Fuzz/.build/protocol-corpus. An input
# that fails is kept in Fuzz/.build/findings and repeated by
#
#     Scripts/fuzz_protocol.sh 0 Fuzz/.build/findings/crash-...
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

seconds="${1:-60}"
shift || true
touch Fuzz/Package.swift # or SwiftPM misses new files of a package that is a dependency by path
swift build --package-path Fuzz -c release --sanitize=fuzzer --product ProtocolFuzzer
program="$(swift build --package-path Fuzz -c release --sanitize=fuzzer --show-bin-path)/ProtocolFuzzer"

# libFuzzer catches the signals itself; Swift's own handler would only come in between.
export SWIFT_BACKTRACE=enable=no
if [ "$seconds" = 0 ]; then exec "$program" "$@"; fi

corpus=Fuzz/.build/protocol-corpus
findings=Fuzz/.build/findings
mkdir -p "$corpus" "$findings"
# The first byte: which trial; see Fuzzer.swift. For the core every byte is an act or a choice, so some plain ones to begin with.
for trial in 0 1 2 3; do
    printf "\\x0$trial" >"$corpus/seed-$trial"
    for filler in 00 01 05 a5 ff; do
        printf "\\x0$trial$(printf "\\\\x$filler%.0s" $(seq 64))" >"$corpus/seed-$trial-$filler"
    done
done

"$program" -max_total_time="$seconds" -max_len=2048 -len_control=0 -timeout=30 -print_final_stats=1 \
    -artifact_prefix="$findings/" "$@" "$corpus"
