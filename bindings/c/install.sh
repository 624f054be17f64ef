#!/bin/sh
# Builds the one self-contained libaffetto.so and installs it with its header, pkg-config and CMake files.
#   install.sh PREFIX                   builds first
#   install.sh --no-build LIB PREFIX    installs LIB, a libaffetto.so or libAffettoC.so built before
# Nothing under PREFIX names PREFIX: the folder may be moved.
set -eu

version=0.1.0
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

fail() {
    echo "install.sh: $1" >&2
    exit 1
}

usage() {
    echo "usage: install.sh [--no-build LIB] PREFIX" >&2
    exit 2
}

built=
prefix=
while [ $# -gt 0 ]; do
    case $1 in
    --no-build)
        [ $# -ge 2 ] || usage
        built=$2
        shift 2
        ;;
    -*) usage ;;
    *)
        [ -z "$prefix" ] || usage
        prefix=$1
        shift
        ;;
    esac
done
[ -n "$prefix" ] || usage

# A folder that holds only the static C libraries makes the linker take these and not the shared ones beside them.
link_static_libraries() {
    mkdir -p "$root/.build/static-libs"
    for name in libfftw3f libsqlite3 libsodium libstdc++; do
        file=$(gcc -print-file-name="$name.a")
        [ -f "$file" ] ||
            fail "no static $name.a; on Debian: apt-get install libfftw3-dev libsqlite3-dev libsodium-dev g++"
        ln -sf "$(readlink -f "$file")" "$root/.build/static-libs/$name.a"
    done
    # The system's libc.so script also names the loader, for __tls_get_addr; every process has that symbol already,
    # so the library need not list the loader as a dependency.
    echo "GROUP ( $(gcc -print-file-name=libc.so.6) $(gcc -print-file-name=libc_nonshared.a) )" \
        >"$root/.build/static-libs/libc.so"
}

build() {
    command -v swift >/dev/null || fail "swift is not on the PATH; it is needed to build, not to use the library"
    command -v gcc >/dev/null || fail "gcc is not on the PATH; it is asked where the static C libraries lie"
    link_static_libraries
    AFFETTO_DIST=1 swift build --package-path "$root" --scratch-path "$root/.build/dist-build" \
        -c release --product AffettoC >&2 || fail "the build failed"
    bin=$(AFFETTO_DIST=1 swift build --package-path "$root" --scratch-path "$root/.build/dist-build" \
        -c release --show-bin-path)
    built=$bin/libAffettoC.so
}

# Debug and local symbols go; the dynamic ones, by which a host finds affetto_*, stay.
strip_copy() {
    for tool in strip llvm-strip; do
        if command -v "$tool" >/dev/null; then
            "$tool" --strip-unneeded -o "$2" "$1"
            return
        fi
    done
    fail "neither strip nor llvm-strip is on the PATH"
}

[ -n "$built" ] || build
[ -f "$built" ] || fail "no library at $built"

lib=$prefix/lib
mkdir -p "$lib/pkgconfig" "$lib/cmake/Affetto" "$prefix/include" || fail "cannot write to $prefix"
# Stripped beside its place, then moved: a process that has the old file mapped keeps it.
strip_copy "$built" "$lib/.libaffetto.new"
chmod 755 "$lib/.libaffetto.new"
mv -f "$lib/.libaffetto.new" "$lib/libaffetto.so.$version"
ln -sf "libaffetto.so.$version" "$lib/libaffetto.so.0"
ln -sf libaffetto.so.0 "$lib/libaffetto.so"
cp "$root/Include/affetto.h" "$prefix/include/affetto.h"
sed "s/@VERSION@/$version/" "$here/affetto.pc.in" >"$lib/pkgconfig/affetto.pc"
cp "$here/AffettoConfig.cmake" "$lib/cmake/Affetto/AffettoConfig.cmake"
sed "s/@VERSION@/$version/" "$here/AffettoConfigVersion.cmake.in" >"$lib/cmake/Affetto/AffettoConfigVersion.cmake"

size=$(wc -c <"$lib/libaffetto.so.$version")
echo "library     $lib/libaffetto.so.$version ($((size / 1024)) KiB)"
echo "header      $prefix/include/affetto.h"
echo "pkg-config  $lib/pkgconfig/affetto.pc"
echo "CMake       $lib/cmake/Affetto (Affetto::affetto)"
echo "compile     PKG_CONFIG_PATH=$lib/pkgconfig; gcc x.c \$(pkg-config --cflags --libs affetto) -Wl,-rpath,$lib"
