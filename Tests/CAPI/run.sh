#!/bin/sh
# Holds a built libaffetto against its header.
#   run.sh LIBDIR       LIBDIR holds libaffetto.so.0, as bindings/c/install.sh PREFIX leaves it in PREFIX/lib
# The header alone as C99, C11 and C++17; names in the header and names exported; what the library needs; test_abi; and
# the C example, built against an installed copy through pkg-config and, where there is one, CMake.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
header=$root/Include/affetto.h
cc=${CC:-gcc}
cxx=${CXX:-g++}

fail() {
    echo "run.sh: $1" >&2
    exit 1
}

[ $# -eq 1 ] || fail "usage: run.sh LIBDIR"
[ -f "$1/libaffetto.so.0" ] || fail "no libaffetto.so.0 in $1"
lib=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

# The header alone, and every macro of it once.
{
    echo '#include "affetto.h"'
    echo 'int use_macros(void);'
    echo 'int use_macros(void) {'
    echo '  uint32_t sum = 0;'
    sed -n 's/^#define AFFETTO_\([A-Z_]*\)_INIT.*/\1/p' "$header" | while read -r name; do
        type=affetto_$(echo "$name" | tr '[:upper:]' '[:lower:]')
        echo "  { $type value = AFFETTO_${name}_INIT; sum += value.struct_size; }"
    done
    echo '  return (int)sum;'
    echo '}'
} >"$work/header.c"
cp "$work/header.c" "$work/header.cpp"
strict="-Wall -Wextra -pedantic -Werror -I $root/Include -c -o $work/header.o"
# shellcheck disable=SC2086
for standard in c99 c11; do
    "$cc" -std=$standard -Wstrict-prototypes $strict "$work/header.c" || fail "the header is not clean $standard"
done
# shellcheck disable=SC2086
"$cxx" -std=c++17 $strict "$work/header.cpp" || fail "the header is not clean C++17"
echo "header    C99, C11, C++17"

# Names: the header's, the library's, the tests'. Comments are cut first, so that prose does not count.
"$cc" -fpreprocessed -dD -E -P "$header" 2>/dev/null | grep -v '^#' | tr '\n' ' ' | tr ';{}' '\n\n\n' |
    sed -n 's/.*[ *]\(affetto_[a-z0-9_]*\)(.*/\1/p' | sort -u >"$work/declared"
nm -D --defined-only "$lib/libaffetto.so.0" | awk '{print $NF}' | sed 's/@.*//' | sort -u >"$work/exported"
[ "$(wc -l <"$work/declared")" -gt 60 ] || fail "the header's functions could not be read"
diff "$work/declared" "$work/exported" >"$work/names" ||
    fail "header (<) and library (>) differ: $(cat "$work/names")"
cat "$here"/*.c >"$work/tests"
while read -r name; do
    case $name in
    *_init) call="CHECK_INIT(${name%_init}," ;;
    *) call="$name(" ;;
    esac
    grep -qF -e "$call" -e "{$name," "$work/tests" || fail "no test calls $name"
done <"$work/declared"
echo "names     $(wc -l <"$work/declared") in the header, exported and tested"

# What the library needs, and what it must not reach for.
readelf -d "$lib/libaffetto.so.0" >"$work/dynamic"
grep -q 'SONAME.*\[libaffetto\.so\.0\]' "$work/dynamic" || fail "the SONAME is not libaffetto.so.0"
needed=$(sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' "$work/dynamic" | sort | tr '\n' ' ')
for name in $needed; do
    case $name in
    libc.so.6 | libm.so.6) ;;
    *) fail "the library needs $name; only libc and libm are allowed" ;;
    esac
done
if grep -q TEXTREL "$work/dynamic"; then fail "the library has text relocations"; fi
echo "needs     $needed"

# shellcheck disable=SC2086
"$cc" -std=c11 -O1 -g -Wall -Wextra -pedantic -Wstrict-prototypes -Werror -I "$root/Include" "$here"/*.c \
    "$lib/libaffetto.so.0" -lm -lpthread -o "$work/test_abi"
LD_LIBRARY_PATH=$lib "$work/test_abi" || fail "test_abi failed"

# What was learned about a person stays nowhere but sealed: files, memory after release, log lines, error texts.
# shellcheck disable=SC2086
"$cc" -std=gnu11 -O1 -g -Wall -Wextra -Werror -I "$root/Include" "$here/leaks/leaks.c" "$lib/libaffetto.so.0" -o "$work/leaks"
LD_LIBRARY_PATH=$lib "$work/leaks" >"$work/leaked" || fail "leaks: $(cat "$work/leaked")"
echo "leaks     $(cat "$work/leaked")"

# No way to a network, no path of the machine that built it, no data that models were tested on.
nm -D --undefined-only "$lib/libaffetto.so.0" | awk '{print $NF}' | sed 's/@.*//' >"$work/imports"
if grep -nE '^(socket|socketpair|connect|bind|listen|accept4?|send|sendto|sendmsg|sendfile|recv|recvfrom|recvmsg|getsockopt|setsockopt|shutdown|getaddrinfo|gethost.*|inet_.*|res_.*)$' "$work/imports"; then
    fail "the library imports functions of the network"
fi
strings -n 12 "$lib/libaffetto.so.0" >"$work/strings"
if grep -nF "$root" "$work/strings"; then fail "the library names the folder that it was built in"; fi
sentences=${AFFETTO_DATA:+$AFFETTO_DATA/text/goemotions/dev.tsv}
if [ -f "${sentences:-/nowhere}" ]; then
    cut -f 1 "$sentences" | awk 'length > 24' | head -2000 >"$work/sentences"
    if grep -nF -f "$work/sentences" "$work/strings"; then fail "the library holds test sentences"; fi
fi
echo "imports   no sockets; strings clean"

# The example against an installed copy, which is then moved: nothing in it may name its place.
"$root/bindings/c/install.sh" --no-build "$lib/libaffetto.so.0" "$work/first" >/dev/null
mv "$work/first" "$work/moved"
cp -r "$root/examples/c" "$work/example"
rm -rf "$work/example/build" "$work/example/main_job" "$work/example/voice_features"
PKG_CONFIG_PATH=$work/moved/lib/pkgconfig make -s -C "$work/example" all run >"$work/transcript" ||
    fail "the example failed: $(cat "$work/transcript")"
[ -s "$work/transcript" ] || fail "the example printed nothing"
head -c 64000 /dev/zero >"$work/silence.f32"
"$work/example/voice_features" "$work/silence.f32" 16000 >"$work/features" || fail "voice_features failed"
[ "$(grep -c . "$work/features")" = 88 ] && grep -q "^equivalentSoundLevel_dBp  *-120 dB" "$work/features" ||
    fail "voice_features: $(cat "$work/features")"
"$work/example/voice_features" "$work/silence.f32" 7 2>/dev/null && fail "voice_features took a rate of 7 Hz"
echo "example   make and pkg-config"
if command -v cmake >/dev/null; then
    mkdir "$work/data"
    cmake -S "$work/example" -B "$work/cmake" -D CMAKE_PREFIX_PATH="$work/moved" >"$work/log" 2>&1 &&
        cmake --build "$work/cmake" >>"$work/log" 2>&1 || fail "CMake: $(cat "$work/log")"
    "$work/cmake/main_job" "$work/data" >/dev/null || fail "the example built by CMake failed"
    [ -s "$work/data/report.html" ] || fail "the example wrote no report"
    echo "example   CMake"
fi
