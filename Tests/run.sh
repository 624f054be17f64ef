#!/bin/sh
# All tests, on a machine that has only the base system and Swift: installs what it needs, builds, runs.
# Real recordings are used where AFFETTO_DATA names a folder with them (README, "Data"); else those tests are skipped.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"

say() { printf '\n== %s\n' "$1"; }

command -v swift >/dev/null || {
    echo "Swift 6.1 or later is needed: https://www.swift.org/install" >&2
    exit 1
}
say "packages"
sh examples/debian-packages.sh cmake python3 python3-venv
# Spark needs a Java; without one its test is skipped.
command -v java >/dev/null || sh examples/debian-packages.sh default-jre-headless
[ -n "${AFFETTO_DATA:-}" ] || echo "AFFETTO_DATA is not set: tests on real recordings are skipped"

say "Swift"
swift build -c release
swift build -c release --build-tests
swift test -c release --skip-build
tool=$(swift build -c release --show-bin-path)/affetto

say "the store under faults"
$(dirname "$tool")/affetto-faults

say "the self-contained library, and C"
sh bindings/c/install.sh .build/dist
sh Tests/CAPI/run.sh .build/dist/lib
sh Tests/CAPI/races.sh

say "Python"
venv=.build/venv
[ -x $venv/bin/python ] || python3 -m venv $venv
$venv/bin/python -m pip install --quiet --disable-pip-version-check pytest numpy pandas matplotlib setuptools wheel pyspark pyarrow dask distributed
# From the sources, whatever wheel an earlier run has installed.
AFFETTO_LIBRARY="$root/.build/dist/lib/libaffetto.so.0" PYTHONPATH=bindings/python $venv/bin/python -m pytest -q bindings/python/tests
PYTHON=$venv/bin/python sh bindings/python/build.sh .build/dist/lib/libaffetto.so.0 .build/wheel
$venv/bin/python -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps .build/wheel/affetto-*.whl
sh Tests/CLI/run.sh "$tool" "$root/$venv/bin/python"

say "all tests passed"
