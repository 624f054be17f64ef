#!/bin/sh
# Renders every MIDI file of a folder to 22.05 kHz with FluidSynth and the FluidR3 sound font, where not yet done.
#   render.sh SRC OUT
set -eu
root=$(cd "$(dirname "$0")/../../.." && pwd)
font=/usr/share/sounds/sf2/FluidR3_GM.sf2
[ -r $font ] && command -v fluidsynth >/dev/null || sh "$root/examples/debian-packages.sh" fluidsynth fluid-soundfont-gm
mkdir -p "$2"
out=$(cd "$2" && pwd)

cd "$1"
for midi in *.mid; do
    [ -e "$out/${midi%.mid}.flac" ] || printf '%s\0' "$midi"
done | xargs -0 -r -P "$(nproc)" -I {} sh -c '
    name=${2%.mid}
    fluidsynth -ni -q -g 0.5 -r 22050 -o synth.dynamic-sample-loading=1 -o synth.lock-memory=0 -O s16 -T flac \
        -F "$1/.$name.part" '"$font"' "$2" >/dev/null 2>&1 && mv "$1/.$name.part" "$1/$name.flac"' sh "$out" {}
