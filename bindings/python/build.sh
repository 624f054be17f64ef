#!/bin/sh
# Builds the wheel of the Python package with the library inside.
#   build.sh LIBRARY OUTDIR      LIBRARY: libaffetto.so.0, as bindings/c/install.sh installs it
# PYTHON names the interpreter whose pip builds it (default python3).
set -eu

if [ $# -ne 2 ]; then
    echo "usage: $0 LIBRARY OUTDIR" >&2
    exit 2
fi
library=$1
out=$2
here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-python3}

if [ ! -f "$library" ]; then
    echo "$0: no library at $library" >&2
    exit 1
fi

# The source folder stays as it is: the library is laid into a copy.
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT INT TERM
mkdir -p "$copy/affetto/_lib" "$out"
cp "$here/pyproject.toml" "$here/setup.py" "$here/README.md" "$here/../../LICENSE" "$copy/"
cp "$here"/affetto/*.py "$here/affetto/py.typed" "$copy/affetto/"
cp "$library" "$copy/affetto/_lib/libaffetto.so.0"

"$python" -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir "$out" "$copy"
echo "wheel: $(ls "$out"/affetto-*-py3-none-linux_x86_64.whl)"
