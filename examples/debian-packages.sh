#!/bin/sh
# Installs what building Affetto needs beside Swift itself. Does nothing where all of it is there.
#   debian-packages.sh [MORE...]
set -eu
wanted="gcc g++ make binutils pkg-config libfftw3-dev libsqlite3-dev libsodium-dev libsndfile1-dev zlib1g-dev $*"
missing=
for package in $wanted; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
if ! command -v apt-get >/dev/null; then
    echo "Affetto needs these packages (Debian's names):$missing" >&2
    exit 1
fi
echo "installing:$missing"
as_root=
[ "$(id -u)" = 0 ] || as_root=sudo
$as_root apt-get update -qq
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
