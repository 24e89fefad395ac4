#!/usr/bin/env bash
# Checks that key generation and signing take the same steps whatever the secrets are.
#
# Builds ConstantTime/ with the trait ConstantTimeCheck and runs it under valgrind's memcheck, for which seeds, randomness
# and all that is computed from them are memory of undefined content: a branch or an address that depends on it is a
# finding, except where the code says beside it why the value is public. No finding is accepted.
#
# Then it proves that the check can fail: a branch and an address that depend on a secret on purpose must be reported, and
# the signer must be when nothing it calls public is taken to be so.
#
#     Scripts/check_constant_time.sh [swift|avx2 ...]      kernels; memcheck 3.19 runs no AVX-512
#
# Needs valgrind and its headers (Debian: package valgrind).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

touch ConstantTime/Package.swift # or SwiftPM misses new files of a package that is a dependency by path
swift build --package-path ConstantTime -c release
built="$(swift build --package-path ConstantTime -c release --show-bin-path)/ConstantTimeCheck"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
program="$work/ConstantTimeCheck"
report="$work/report"
finding=77
# Memcheck 3.19 gives up on DWARF 5; the names of functions stay.
strip --strip-debug -o "$program" "$built"

# Runs a check under memcheck, its report in $report; returns 77 if there was a finding.
memcheck() {
    valgrind --quiet --error-exitcode=$finding --num-callers=30 --log-file="$report" "$program" "$@"
}

show_report() {
    swift demangle --simplified <"$report"
}

# Runs a check that must have a finding, within a function whose mangled name holds the given one.
expect_finding() {
    local within="$1" status=0
    shift
    memcheck "$@" >"$work/output" || status=$?
    if [ $status -ne $finding ] || ! grep -q "$within" "$report"; then
        show_report
        cat "$work/output"
        echo "FAILED: no finding within $within in the check: $* (status $status)" >&2
        exit 1
    fi
    echo "reported, as it must be: $* within $within"
}

memcheck keeps
expect_finding 'LeakO6branch' leak-branch
expect_finding 'LeakO7address' leak-address
[ $# -gt 0 ] || set -- swift avx2
for kernel in "$@"; do
    for scheme in ml-dsa-44 ml-dsa-65; do
        HOTSTUFF_NOTHING_PUBLIC=1 expect_finding SigningAttempt sign "$scheme" "$kernel"
        if ! memcheck sign "$scheme" "$kernel"; then
            show_report
            echo "FAILED: $scheme, kernel $kernel" >&2
            exit 1
        fi
    done
done

# Memcheck follows values, not time: a division takes longer for some numbers than for others. The functions allowed here
# divide public numbers only: a table's constants, and the number of a polynomial of the matrix by the length of a row.
allowed='TwiddleTableO4make|SamplingO12expandMatrix'
divisions="$(objdump --disassemble --no-show-raw-insn "$built" |
    awk '/^[0-9a-f]+ </ { name = $2 } /[[:space:]]i?div[bwlq]?[[:space:]]/ { print name }' | sort -u)"
if [ -z "$divisions" ]; then
    echo "FAILED: no division found in the whole program, not even in Swift's own code: the search is broken" >&2
    exit 1
elif grep -E 'PostQuantum|hotstuff_' <<<"$divisions" | grep -Ev "$allowed" | swift demangle --simplified; then
    echo "FAILED: these functions divide" >&2
    exit 1
fi
echo "no step depends on a secret"
