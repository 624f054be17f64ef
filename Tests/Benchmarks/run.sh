#!/bin/sh
# Benchmarks. Each prints a table and, as its last line, one JSON object of figures.
#   run.sh embed      size, dependencies and exports of libaffetto.so; time to load and to the first estimate
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"

embed() {
    [ -f .build/dist/lib/libaffetto.so.0 ] || sh bindings/c/install.sh .build/dist >&2
    library=.build/dist/lib/libaffetto.so.0
    mkdir -p .build/benchmarks
    gcc -std=gnu11 -O2 -I Include Tests/Benchmarks/embed.c -o .build/benchmarks/embed -ldl
    runs=.build/benchmarks/embed.runs
    : >$runs
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21; do
        .build/benchmarks/embed "$root/$library" >>$runs
    done
    dlopen=$(sort -n $runs | awk 'NR == 11 { print $1 }')
    estimate=$(sort -n -k 2 $runs | awk 'NR == 11 { print $2 }')
    bytes=$(stat -L -c %s $library)
    packs=$(cat Sources/ModelData/packs/*.pack | wc -c)
    packed=$(awk "BEGIN { printf \"%.2f\", $packs / 1e6 }")
    bare=$(awk "BEGIN { printf \"%.2f\", ($bytes - $packs) / 1e6 }")
    exported=.build/benchmarks/exported
    declared=.build/benchmarks/declared
    nm -D --defined-only $library | awk '{ print $NF }' | sed 's/@.*//' | sort -u >$exported
    gcc -fpreprocessed -dD -E -P Include/affetto.h 2>/dev/null | grep -v '^#' | tr '\n' ' ' | tr ';{}' '\n\n\n' |
        sed -n 's/.*[ *]\(affetto_[a-z0-9_]*\)(.*/\1/p' | sort -u >$declared
    foreign=$(comm -13 $declared $exported | wc -l)
    missing=$(comm -23 $declared $exported | wc -l)
    needed=$(readelf -d $library | sed -n 's/.*(NEEDED).*\[\(.*\)\].*/"\1"/p' | sort | paste -sd , -)
    cat <<EOF
  library, stripped        $bare MB and $packed MB of model packs
  dlopen                   $dlopen ms (median of 21 processes)
  engine to first estimate $estimate ms (median of 21 processes)
  foreign exports          $foreign
  missing exports          $missing
  needs                    $needed
{"embed.library_mb": $bare, "embed.packs_mb": $packed, "embed.dlopen_ms": $dlopen, "embed.first_estimate_ms": $estimate, "embed.foreign_exports": $foreign, "embed.missing_exports": $missing, "embed.needed": [$needed]}
EOF
}

case ${1:-} in
embed) embed ;;
*)
    echo "usage: run.sh embed" >&2
    exit 2
    ;;
esac
