#!/bin/sh
# The command-line tool as a user meets it, and the installed wheel.
#   run.sh AFFETTO [PYTHON]      PYTHON: an interpreter that has the affetto wheel
set -eu
affetto=$1
python=${2:-}
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
cd "$work"
passed=0
failed=0

# check WHAT COMMAND...: the command must succeed.
check() {
    what=$1
    shift
    if "$@" >last 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED $what" >&2
        sed 's/^/    /' last | tail -5 >&2
    fi
}

# said WHAT WORDS: the last command's output must hold WORDS.
said() {
    if grep -q "$2" last; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED $1" >&2
    fi
}

# refuse WHAT WORDS COMMAND...: the command must fail with one line on standard error that holds WORDS.
refuse() {
    what=$1
    words=$2
    shift 2
    if "$@" >out 2>err; then
        echo "FAILED $what: it succeeded" >&2
        failed=$((failed + 1))
    elif [ "$(wc -l <err)" -eq 1 ] && grep -q "$words" err; then
        passed=$((passed + 1))
    else
        echo "FAILED $what: $(head -3 err)" >&2
        failed=$((failed + 1))
    fi
}

check "demo runs" "$affetto" demo --folder demo
cp last demo.txt
check "demo asks when it does not know" grep -q "How are you feeling right now?" demo.txt
check "demo shows what strict refuses" grep -q "strict would refuse voice" demo.txt
check "demo plays, with its chance" grep -q "▶ .*chance 0\." demo.txt
check "demo keeps exams silent" grep -q "gate: exam" demo.txt
check "demo learns" grep -q "liking by style" demo.txt
check "demo's report stands alone" sh -c '! grep -qE "<script|src=|https?://[^w]" demo/report.html && grep -q "</svg>" demo/report.html'
check "at least 16 pieces" test "$(ls demo/music/*.wav | wc -l)" -ge 16
check "the demo is the same each time" sh -c "'$affetto' demo --folder demo2 | sed s/demo2/demo/g | diff - demo.txt"
# What she wrote, in any byte order of the file, is nowhere on disk.
check "no words on disk" sh -c '! grep -aq "nervous about" demo/learners.affetto*'

store="--store demo/learners.affetto --key demo/learners.key --preset eu_home"
# shellcheck disable=SC2086
check "export" "$affetto" export mia $store
said "export is JSON with sessions" '"sessions"'
check "library list" "$affetto" library list --store demo/learners.affetto --key demo/learners.key
said "library list names a piece" "lofi"
mkdir -p music/soft
cp demo/music/paper-lantern.wav music/soft/
echo "this is no audio" >music/soft/broken.wav
check "library add, one file broken" "$affetto" library add music --store lib.affetto --licence CC0-1.0
said "library add names the broken file" "broken.wav"
said "library add counts" "1 tracks added"
cp demo/music/market-day.wav music/market.wav
check "library add goes on" "$affetto" library add music --store lib.affetto
said "library add passes over what is there" "1 tracks added, 1 unchanged"
mv music/market.wav music/soft/fair.wav
check "library add finds what moved" "$affetto" library add music --store lib.affetto
said "a moved file is the same track" "0 tracks added, 1 moved"
check "library correct" "$affetto" library correct market --store lib.affetto valence=0.5 "key=G minor" "tags=guitar; market"
check "library list by text and tempo" "$affetto" library list --store lib.affetto --text MARKET --tempo 40-240
said "corrections show" "G minor.*+0.50"
check "library list, nearest in style" "$affetto" library list --store lib.affetto --like market --limit 1
said "the other track is the nearest" "paper-lantern"
refuse "a correction that says nothing" "colour" "$affetto" library correct market --store lib.affetto colour=red
printf 'id,rater,valence,arousal\nmarket,ann,0.6,0.1\nmarket,bob,9,0\nnew,ann,0.1,0.1\n' >labels.csv
refuse "library import names lines" "labels.csv:3: valence" "$affetto" library import labels.csv --store lib.affetto
check "library rate" "$affetto" library rate new --store lib.affetto --rater bob --valence 0.2 --arousal 0.3
check "library agreement" "$affetto" library agreement --store lib.affetto
said "agreement counts" "3 ratings by 2 raters"
check "library map" "$affetto" library map --store lib.affetto --out map.svg
check "the map is a picture" python3 -c "import xml.dom.minidom as x; assert 'paper-lantern' in x.parse('map.svg').toxml()"
check "library export and import" sh -c "'$affetto' library export --json --store lib.affetto >lib.json && '$affetto' library import lib.json --store second.affetto"
said "everything comes back" "3 added, 0 updated"
check "library settle" "$affetto" library settle new rejected --store lib.affetto
check "library remove" "$affetto" library remove new --store lib.affetto
refuse "what is gone" "no track" "$affetto" library show new --store lib.affetto
# Killed in the middle, begun again: nothing is lost, nothing is there twice.
mkdir -p many && for n in $(seq 40); do cp demo/music/market-day.wav many/$n.wav; head -c $((n * 9)) labels.csv >>many/$n.wav; done
"$affetto" library add many --store killed.affetto >/dev/null 2>&1 &
importing=$!
sleep 0.4
kill -9 $importing 2>/dev/null || true
wait $importing 2>/dev/null || true
check "an import that was killed goes on" "$affetto" library add many --store killed.affetto
said "all are there once" "; 40 in the library"
for n in $(seq 200); do
    echo "{\"learner\":\"l$((n % 20))\",\"chances\":[0.5,0.5],\"action\":$((n / 20 % 2)),\"outcome\":$((n / 20 % 2))}"
done >choices.jsonl
check "evaluate" "$affetto" evaluate choices.jsonl --target 1
said "evaluate says what always acting would bring" "DR *+1.0000"
check "evaluate as JSON" sh -c "'$affetto' evaluate choices.jsonl --target uniform --json | python3 -m json.tool"
"$affetto" export mia --store demo/learners.affetto --key demo/learners.key --preset eu_home >mia.json
check "evaluate a learner's own choices" "$affetto" evaluate mia.json --target silence
said "one evening says too little" "no estimate"
refuse "evaluate without a target" "names no target" "$affetto" evaluate choices.jsonl
check "analyze music as JSON" sh -c "'$affetto' analyze --music --format json demo/music/market-day.wav | python3 -m json.tool"
check "analyze voice as CSV" sh -c "'$affetto' analyze --format csv demo/music/market-day.wav demo/music/open-road.wav | wc -l | grep -qx 3"
check "88 voice features, and a file" sh -c "'$affetto' analyze --level functionals --format csv demo/music/market-day.wav | tail -1 | tr ',' '\n' | wc -l | grep -qx 89"
check "the same of windows" sh -c "'$affetto' analyze --level functionals --window 3 --format csv demo/music/market-day.wav | tail -n +2 | cut -d, -f2 | head -3 | tr '\n' ' ' | grep -qx '0 1 2 '"
check "frames as JSON" sh -c "'$affetto' analyze --level frames --mode compatible --format json demo/music/market-day.wav | python3 -m json.tool"
refuse "a window of nothing" "window_s" "$affetto" analyze --level functionals --window 0 demo/music/market-day.wav
refuse "a window longer than the file" "shorter than one window" "$affetto" analyze --level functionals --window 500 demo/music/market-day.wav
check "nothing but the table in a pipe" sh -c "test -z \"\$('$affetto' analyze demo/music/market-day.wav 2>&1 >/dev/null)\""

printf 'I am so nervous about tomorrow\n12.5\tI finally did it, that feels great\n' >words.txt
"$affetto" analyze --format csv demo/music/market-day.wav >/dev/null
check "session on words alone" "$affetto" session --text words.txt --music demo/music --report session.html
said "session decides" "→"
check "session writes its page" grep -q "</html>" session.html
refuse "session under strict" "strict" "$affetto" session --voice demo/music/open-road.wav --preset strict
refuse "no such file" "nothing.wav" "$affetto" session --voice nothing.wav
refuse "no such store" "nowhere.affetto" "$affetto" export mia --store nowhere.affetto
refuse "no such learner" "no such learner" "$affetto" export bob --store demo/learners.affetto --key demo/learners.key
head -c 32 /dev/urandom >other.key
chmod 600 other.key
refuse "wrong key" "key" "$affetto" export mia --store demo/learners.affetto --key other.key
chmod 644 other.key
refuse "a key that others may read" "other.key" "$affetto" export mia --store demo/learners.affetto --key other.key
printf 'not a store at all, only some text that is longer than nothing' >foreign.affetto
refuse "a foreign file" "foreign.affetto\|store" "$affetto" library list --store foreign.affetto --key demo/learners.key
keyed="--store demo/learners.affetto --key demo/learners.key"
# shellcheck disable=SC2086
check "store check" "$affetto" store check $keyed
said "the store is sound" "The store is sound"
# shellcheck disable=SC2086
check "store backup" "$affetto" store backup $keyed copy.affetto
# shellcheck disable=SC2086
refuse "a backup never overwrites" "there already" "$affetto" store backup $keyed copy.affetto
# shellcheck disable=SC2086
check "store audit" "$affetto" store audit $keyed
said "the audit log tells of consents" "consent_granted"
said "the audit log is whole" "entries is whole"
check "no name in the audit log" sh -c '! grep -q mia last'
cp demo/learners.affetto copied.affetto
cp demo/learners.affetto-keys copied.affetto-keys
check "store rekey" "$affetto" store rekey --store copied.affetto --key demo/learners.key --new-key new.key
check "it opens with the new key" "$affetto" store check --store copied.affetto --key new.key
refuse "and not with the old one" "key" "$affetto" store check --store copied.affetto --key demo/learners.key
# shellcheck disable=SC2086
check "forget, without doing it" "$affetto" forget mia --dry-run $keyed
said "it says what would go" "would forget"
# shellcheck disable=SC2086
check "retain, without doing it" "$affetto" store retain --days 30 --dry-run $keyed
# shellcheck disable=SC2086
check "retention" "$affetto" store retention $keyed --moments-days 10 --dry-run
said "it says how long things are kept" "moments are kept 30 days, sessions 365 days"
# shellcheck disable=SC2086
refuse "moments that outlive their session" "moments cannot be kept longer" "$affetto" store retention $keyed --moments-days 400
# shellcheck disable=SC2086
check "export as files" "$affetto" export mia $keyed --files mia
check "a table with the decisions" sh -c 'head -1 mia/decisions.csv | grep -q propensity && test "$(grep -c . mia/decisions.csv)" -gt 3'
check "policy list" "$affetto" policy list
said "it names the newest preset" "us_il_bipa"
check "policy explain" "$affetto" policy explain eu_school
said "it cites the article" "Art. 5(1)(f)"
check "policy explain, one use" "$affetto" policy explain eu_school --data typing_rhythm --by guardian
said "no consent unlocks it" "^no: "
check "policy explain, by consent" "$affetto" policy explain eu_home --data face --by guardian
said "with it, yes" "^yes: "
refuse "no such preset" "is no preset" "$affetto" policy explain eu_schule
# shellcheck disable=SC2086
check "study create" "$affetto" study create s $keyed
# shellcheck disable=SC2086
check "study export" "$affetto" study export s $keyed
said "nobody consented to research" "0 rows of 0 learners"
# shellcheck disable=SC2086
check "study count" "$affetto" study count s learners --epsilon 0.9 $keyed
said "it says what is left" "0.100 of epsilon left"
# shellcheck disable=SC2086
refuse "the budget ends" "budget" "$affetto" study count s learners --epsilon 0.2 $keyed
# shellcheck disable=SC2086
check "an export comes in again as it went out" sh -c "'$affetto' export mia $keyed >out.json && '$affetto' import out.json --store in.affetto && '$affetto' export mia --store in.affetto | diff out.json -"
check "erase" "$affetto" erase mia --store demo/learners.affetto --key demo/learners.key --yes
refuse "erased is gone" "no such learner" "$affetto" export mia --store demo/learners.affetto --key demo/learners.key

clip=$(ls "${AFFETTO_DATA:-/nowhere}"/speech/ravdess/*-05-02-*.flac 2>/dev/null | head -1 || true)
if [ -n "$clip" ]; then
    check "session on a real recording" "$affetto" session --voice "$clip" --text words.txt --music demo/music --every 2
    said "the voice was heard" "valence"
fi

cat >openface.csv <<'CSV'
frame, face_id, timestamp, confidence, success, AU01_r, AU02_r, AU04_r, AU05_r, AU06_r, AU07_r, AU12_r, AU15_r, AU25_r, AU45_r
1, 0, 0.0, 0.98, 1, 0.0, 0.0, 0.1, 0.0, 3.5, 1.0, 4.2, 0.0, 2.0, 0.1
2, 0, 0.6, 0.98, 1, 0.0, 0.0, 0.1, 0.0, 3.5, 1.0, 4.2, 0.0, 2.0, 0.1
3, 0, 1.2, 0.98, 1, 0.0, 0.0, 0.1, 0.0, 3.5, 1.0, 4.2, 0.0, 2.0, 0.1
4, 0, 1.8, 0.20, 0, 0.0, 0.0, 0.1, 0.0, 3.5, 1.0, 4.2, 0.0, 2.0, 0.1
CSV
printf '5, 0, 2.4, 0.98' >>openface.csv
check "face" "$affetto" face openface.csv
said "whose file it is" "OpenFace, 4 frames in 1.8 s, a face in 3"
said "that it is cut" "ends in the middle of a frame"
said "what was shown" "happiness .*0.84"
said "nobody there" "no face"
check "face in numbers" "$affetto" face --format csv openface.csv
said "a line a frame" "^openface.csv,0.6,1,"
check "a face in a session" "$affetto" session --face openface.csv --text words.txt --every 2
printf 'AU01,AU02,AU03,AU04,AU05,AU06,AU07,AU08\n0,0,0,0,0,0,0,0\n' >openface3.csv
refuse "units that nobody named" "OpenFace 3" "$affetto" face openface3.csv

printf 'I finally got it!!\nI want to die\n\nich habe keine Lust auf die Schule\n' > said.txt
check "text" "$affetto" text said.txt
said "it names a feeling" "seems excited"
said "and its words" "because of"
said "grave words get no feeling" "grave words (ideation): a person should look"
said "another language is not read" "nothing that is read (und)"
check "text from a pipe" sh -c "printf '再也不想学了\\n' | '$affetto' text --format csv -"
said "a line of numbers" "^再也不想学了,"
printf 'smoke weed every night\n' > song.txt
check "lyrics" "$affetto" text --lyrics --format json song.txt
said "the tag" '"substance": 1'
printf 'a\377' > broken.txt
refuse "what is no text" "not UTF-8" "$affetto" text broken.txt

check "README's code stands in the examples" python3 "$root/Tests/CLI/readme_snippets.py"
if [ -n "$python" ]; then
    check "the wheel's example" env -u AFFETTO_LIBRARY "$python" "$root/examples/python/main_job.py" "$work"
    check "a replayed face" env -u AFFETTO_LIBRARY "$python" "$root/examples/python/face_replay.py"
    said "which alone settles nothing" "cannot tell"
    check "the voice notebook" env -u AFFETTO_LIBRARY "$python" "$root/Tests/CLI/run_notebook.py" "$root/examples/python/voice_features.ipynb"
    said "its stream gives the same frames" "the stream gave the same"
    check "the text notebook" env -u AFFETTO_LIBRARY "$python" "$root/Tests/CLI/run_notebook.py" "$root/examples/python/text_states.ipynb"
    said "its reasons sum up" "the parts sum to the whole: True"
    check "the conversation notebook" env -u AFFETTO_LIBRARY "$python" "$root/Tests/CLI/run_notebook.py" "$root/examples/python/conversation_model.ipynb"
    said "fusion is worth it" "all three better than the best single one: True"
    said "a pack that is loaded says the same" "loaded again it says the same: True"
    check "killing a writer loses at most one group" env -u AFFETTO_LIBRARY "$python" "$root/Tests/CLI/kill_writer.py" 12
    tail -1 last
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
