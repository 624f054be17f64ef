#!/bin/sh
# Benchmarks. Each prints a table and, as its last line, one JSON object of figures.
#   run.sh embed              size, dependencies and exports of libaffetto.so; time to load and to the first estimate
#   run.sh voice              all 88 voice features: CPU time against openSMILE and the FFT floor; streaming
#   run.sh voice-agreement    voice features against openSMILE, Praat and signals with known truth
#   run.sh text               messages a second against fastText; memory asked for; a message of 1 MB
#   run.sh music              CPU time against librosa, Essentia and the FFT floor; memory over 10,000 pieces and two hours
#   run.sh music-accuracy       tempo, beats and key against librosa and Essentia on the same clips
#   run.sh face               frames a second on one core; memory asked for
#   run.sh fusion             one update; a poll, with as many pollers as cores
#   run.sh store              the sealed store against SQLite alone; opening and erasing with 10,000 learners
#   run.sh faults [--long]    the store under failing disks, power failures, kills and damage; policy cases
# Peers are installed by pip into .build/peers, to measure against and for nothing else; one that cannot be installed is
# named and left out. Recordings: AFFETTO_DATA (README, "Data").
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
library=.build/dist/lib/libaffetto.so.0

need_library() {
    newest=$(find Sources Include Package.swift -newer "$library" -type f 2>/dev/null | head -1 || true)
    if [ ! -f "$library" ] || [ -n "$newest" ]; then sh bindings/c/install.sh .build/dist >&2; fi
    mkdir -p .build/benchmarks
}

# The Python of the benchmarks, with these packages.
need_python() {
    python=.build/peers/bin/python
    [ -x $python ] || python3 -m venv .build/peers
    for package in "$@"; do
        $python -m pip show --quiet "$package" 2>/dev/null ||
            $python -m pip install --quiet --disable-pip-version-check "$package" >&2 ||
            echo "run.sh: $package could not be installed" >&2
    done
    export AFFETTO_LIBRARY="$root/$library" PYTHONPATH="$root/bindings/python"
}

voice() {
    need_library
    need_python numpy scipy soundfile opensmile
    gcc -std=gnu11 -O2 -Wall -Wextra -I Include Tests/Benchmarks/voice/voice.c -o .build/benchmarks/voice \
        -L .build/dist/lib -laffetto -Wl,-rpath,"$root/.build/dist/lib" -lfftw3f -lm -ldl
    $python Tests/Benchmarks/voice/speed.py "$root/.build/benchmarks/voice" "$@"
}

voice_agreement() {
    need_library
    need_python numpy scipy soundfile opensmile praat-parselmouth
    $python Tests/Benchmarks/voice/agreement.py "$@"
}

faults() {
    swift build -c release --product affetto-faults >&2
    .build/release/affetto-faults "$@"
}

text() {
    need_library
    need_python numpy fasttext-wheel
    gcc -std=gnu11 -O2 -Wall -Wextra -I Include Tests/Benchmarks/text/text.c -o .build/benchmarks/text \
        -L .build/dist/lib -laffetto -rdynamic -Wl,-rpath,"$root/.build/dist/lib"
    $python Tests/Benchmarks/text/speed.py "$root/.build/benchmarks/text"
}

face() {
    need_library
    gcc -std=gnu11 -O2 -Wall -Wextra -I Include Tests/Benchmarks/face/face.c -o .build/benchmarks/face \
        -L .build/dist/lib -laffetto -rdynamic -Wl,-rpath,"$root/.build/dist/lib"
    .build/benchmarks/face
}

music_accuracy() {
    need_library
    need_python numpy scipy soundfile librosa essentia
    : "${AFFETTO_DATA:?names the folder of the corpora}"
    sh Tests/Benchmarks/music/render.sh "$AFFETTO_DATA/music/truth/midi" .build/rendered/truth >&2
    $python Tests/Benchmarks/music/accuracy.py .build/rendered/truth
}

music() {
    need_library
    need_python numpy scipy soundfile librosa essentia
    $python Tests/Benchmarks/music/speed.py
}

fusion() {
    need_library
    gcc -std=gnu11 -O2 -Wall -Wextra -I Include Tests/Benchmarks/fusion/fusion.c -o .build/benchmarks/fusion \
        -L .build/dist/lib -laffetto -rdynamic -lpthread -Wl,-rpath,"$root/.build/dist/lib"
    .build/benchmarks/fusion
}

store() {
    swift build -c release --product affetto-store-benchmark >&2
    .build/release/affetto-store-benchmark
}

embed() {
    need_library
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

name=${1:-}
[ $# -eq 0 ] || shift
case $name in
embed) embed ;;
voice) voice "$@" ;;
voice-agreement) voice_agreement "$@" ;;
faults) faults "$@" ;;
store) store ;;
text) text ;;
face) face ;;
fusion) fusion ;;
music) music ;;
music-accuracy) music_accuracy ;;
*)
    echo "usage: run.sh embed | face | faults | fusion | music | music-accuracy | store | text | voice | voice-agreement" >&2
    exit 2
    ;;
esac
