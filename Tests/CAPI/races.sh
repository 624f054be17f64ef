#!/bin/sh
# The tests with threads once more, everything built for the thread sanitizer: any data race fails.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
cd "$root"
toolchain=$(dirname "$(dirname "$(readlink -f "$(command -v swiftc)")")")
clang=$toolchain/bin/clang
runtime=$toolchain/lib/swift/linux
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Some kernels place memory where the sanitizer cannot have it, and some toolchains come without it.
echo 'int main(void) { return 0; }' >"$work/try.c"
if ! "$clang" -fsanitize=thread "$work/try.c" -o "$work/try" -L "$runtime" -ldispatch -lBlocksRuntime \
    -Wl,-rpath,"$runtime" 2>/dev/null || ! "$work/try" 2>/dev/null; then
    echo "races     left out: the thread sanitizer does not run here"
    exit 0
fi
swift build -c release --sanitize=thread --scratch-path .build/races --product AffettoC >"$work/log" 2>&1 || {
    tail -40 "$work/log" >&2
    exit 1
}
lib=$(swift build -c release --sanitize=thread --scratch-path .build/races --show-bin-path)
"$clang" -fsanitize=thread -std=c11 -O1 -g -I Include Tests/CAPI/*.c -o "$work/tests" -L "$lib" -lAffettoC \
    -L "$runtime" -ldispatch -lBlocksRuntime -lm -lpthread -Wl,-rpath,"$lib:$runtime"
TSAN_OPTIONS=exitcode=66 "$work/tests" threads voice >"$work/log" 2>&1 || {
    head -80 "$work/log" >&2
    exit 1
}
echo "races     none: $(tail -1 "$work/log")"
