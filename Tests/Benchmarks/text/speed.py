"""Messages a second against fastText on the same messages in one run: CPU time, by turns.

fastText is trained on GoEmotions' training texts with what the text model also looks at: words, pairs, groups of 2 to 5 letters.
It remembers each known word's groups; the text model reads them anew, twice (for its two vocabularies), and besides looks for some 700
patterns of grave words and cues.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
import time


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def main(binary):
    data = os.environ.get("AFFETTO_DATA", "")
    folder = os.path.join(data, "text", "goemotions")
    if not os.path.isdir(folder):
        sys.exit("set AFFETTO_DATA to a folder with text/goemotions")
    messages = [row["text"] for row in rows(os.path.join(folder, "dev.tsv"))]
    figures = {}
    with tempfile.TemporaryDirectory() as work:
        path = os.path.join(work, "messages")
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(message + "\n" for message in messages)

        def ours():
            out = subprocess.run([binary, path, "3"], check=True, capture_output=True, text=True).stdout.split()
            return [float(value) for value in out[:5]]

        try:
            import fasttext
        except ImportError:
            fasttext = None
            print("fastText is missing: pip install fasttext-wheel")
        peer = None
        if fasttext is not None:
            train = os.path.join(work, "train")
            with open(train, "w", encoding="utf-8") as file:
                for row in rows(os.path.join(folder, "train.tsv")):
                    labels = " ".join("__label__" + label for label in row["label_ids"].split(","))
                    file.write(f"{labels} {row['text']}\n")
            peer = fasttext.train_supervised(
                train, dim=32, epoch=3, wordNgrams=2, minn=2, maxn=5, loss="ova", thread=2, verbose=0
            )

        def theirs():
            start = time.process_time()
            for message in messages:
                peer.f.predict(message, 28, 0.0, "strict")
            return (time.process_time() - start) / len(messages) * 1e6

        own, other = [], []
        for _ in range(5):
            own.append(ours())
            if peer is not None:
                other.append(theirs())
        micros = sorted(value[0] for value in own)[2]
        print(f"  a message           {micros:8.1f} µs")
        floor = sorted(value[4] for value in own)[2]
        print(f"  the least possible  {floor:8.1f} µs: hashing, finding and adding these features, and nothing else")
        print(f"  allocations         {own[0][1]:8.1f} a message")
        print(f"  a message of 1 MB   {own[0][2]:8.1f} ms, {own[0][3]:.2f} times that of half its length")
        figures["text.allocations_per_message"] = own[0][1]
        figures["text.times_floor"] = round(micros / floor, 2)
        if other:
            peer_micros = sorted(other)[2]
            print(f"  fastText            {peer_micros:8.1f} µs: {peer_micros / micros:.2f} times ours, "
                  f"{peer_micros / floor:.2f} times the least possible")
            figures["text.speedup_vs_fasttext"] = round(peer_micros / micros, 2)
    print(json.dumps(figures))


main(sys.argv[1])
