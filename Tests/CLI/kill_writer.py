"""Kills a writing process at random moments and counts what is lost: at most the group in flight: what came since the
advance before the last (50 ms of session time, and the 20 ms between two calls).

Usage: kill_writer.py ROUNDS. The writer reports each event that the library has taken; after the kill the store is
opened again and its events are counted.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

WRITER = """
import sys, affetto
from affetto import Activity, Modality
engine = affetto.Engine(sys.argv[1] + "/s.affetto", preset="eu_home", key_path=sys.argv[1] + "/s.key")
if sys.argv[2] == "first":
    engine.create_learner("ana")
    for modality in list(Modality)[:5]:
        engine.grant("ana", modality)
session = engine.session("ana")
print(session.id, flush=True)
n = 0
while True:
    n += 1
    session.push_activity(Activity.EDIT, now=n * 1000)  # 1 ms of session time each
    if n % 20 == 0:
        session.advance(now=n * 1000)  # 50 times a second, as the header asks: a push alone never writes
    sys.stdout.write(f"{n}\\n")
    sys.stdout.flush()
"""


def main(rounds: int) -> int:
    import affetto

    random.seed(1)
    worst = 0
    with tempfile.TemporaryDirectory() as folder:
        for n in range(rounds):
            writer = subprocess.Popen(
                [sys.executable, "-c", WRITER, folder, "first" if n == 0 else "again"],
                stdout=subprocess.PIPE, text=True,
            )
            session_id = writer.stdout.readline().strip()
            time.sleep(random.uniform(0.01, 0.4))
            os.kill(writer.pid, signal.SIGKILL)
            taken = [line for line in writer.stdout.read().split("\n") if line]
            writer.wait()
            # The last line may be cut; the one before it is whole.
            count = int(taken[-2]) if len(taken) > 1 else 0
            with affetto.Engine(folder + "/s.affetto", preset="eu_home", key_path=folder + "/s.key") as engine:
                kept = len(engine.read_session("ana", session_id)["events"])
            lost = count - kept
            worst = max(worst, lost)
            if lost > 70:
                print(f"round {n}: {lost} of {count} events lost")
                return 1
    print(json.dumps({"store.kills": rounds, "store.worst_loss": worst}))
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
