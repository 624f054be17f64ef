#!/bin/sh
# The main job on embedded defaults: builds Affetto and plays the demo.
#   quickstart.sh [FOLDER]      FOLDER (default affetto-demo) gets the composed music, the sealed store and report.html
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
if ! command -v swift >/dev/null; then
    echo "Affetto needs Swift 6.1 or later: https://www.swift.org/install (then run this again)" >&2
    exit 1
fi
sh "$root/examples/debian-packages.sh"
echo "building (about two minutes the first time)"
log=$(mktemp)
trap 'rm -f "$log"' EXIT INT TERM
if ! swift build --package-path "$root" -c release --product affetto >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
fi
"$(swift build --package-path "$root" -c release --show-bin-path)/affetto" demo --folder "${1:-affetto-demo}"
