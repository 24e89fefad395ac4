#!/usr/bin/env bash
# Runs the demo, built for speed; arguments are passed on: Scripts/run_demo.sh --replicas 7 --json
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec swift run -c release hotstuff demo "$@"
