"""The main job in Python: sense in five ways, decide, say a kind word, learn from what came of it.

Usage: python main_job.py FOLDER. The folder gets learners.affetto (sealed), its key ring, learners.key and report.html.
"""

import sys
from pathlib import Path

import numpy as np

import affetto
from affetto import Activity, Emotion, Goal, Modality

RATE = 16000  # Hz; music, voice and face are synthesised: bring your own
PIECES = {  # style, minor, partials, bpm, tonic in Hz, gain
    "sunny-run": ("pop", False, 8, 132, 262, 0.5),
    "still-lake": ("ambient", False, 2, 60, 220, 0.15),
    "grey-rain": ("piano", True, 3, 66, 196, 0.2),
    "night-train": ("electronic", True, 12, 144, 165, 0.6),
}
FROWN = ("browDownLeft", "browDownRight", "mouthFrownLeft", "mouthFrownRight", "mouthPressLeft")


def compose(minor: bool, partials: int, bpm: float, tonic: float, gain: float, seconds: int = 12) -> np.ndarray:
    """A chord and a melody note struck on every beat, I IV V I."""
    t = np.arange(seconds * RATE) / RATE
    count, since = np.divmod(t, 60 / bpm)
    root = np.choose((count // 4 % 4).astype(int), [0, 5, 7, 0])
    sound = np.zeros_like(t)
    for voice in (root, root + (3 if minor else 4), root + 7, root + np.where(count % 2, 19, 12)):
        for k in range(1, partials + 1):
            sound += np.sin(2 * np.pi * tonic * 2 ** (voice / 12) * k * t) / (4 * k)
    return (gain * sound * np.exp(-3 * since * bpm / 60) * np.minimum(1, since / 0.01)).astype(np.float32)


def speak(seconds: int = 3) -> np.ndarray:
    """Something like "ah-ah-ah": harmonics of a wavering pitch under three formants, four syllables a second."""
    t = np.arange(seconds * RATE) / RATE
    f0 = 210 + 25 * np.sin(2 * np.pi * 0.7 * t)
    phase, sound = 2 * np.pi * np.cumsum(f0) / RATE, np.zeros_like(t)
    for k in range(1, 21):
        gain = 0.02 + sum(1 / (1 + ((k * f0 - formant) / 120) ** 2) for formant in (700, 1200, 2500))
        sound += gain / k * np.sin(k * phase)
    return (0.2 * sound * np.maximum(0, np.sin(2 * np.pi * 4 * t))).astype(np.float32)


def describe(session: affetto.Session, d: affetto.Decision) -> None:
    print(f"decision  {d.action} {d.track} ({d.strategy}, gate {d.gate}, probability {d.propensity:.3f})")
    print("         ", session.why(d)["reasons"][0]["text"])


def main(folder: Path) -> None:
    with affetto.Engine(folder / "learners.affetto", preset="eu_home", key_path=folder / "learners.key") as engine:
        for name, (style, *score) in PIECES.items():
            track = engine.library.analyze(compose(*score), RATE, id=name)
            track.style = style
            engine.library.put(track)
            print(f"track     {name:12} {track.tempo_bpm:5.1f} bpm  {track.valence:+.2f} {track.arousal:+.2f}")
        engine.create_learner("ana", {"age_band": "adult", "goals": ["calm"]})
        for modality in Modality:
            engine.grant("ana", modality)

        with engine.session("ana") as session:
            now, session_id = 1_000_000, session.id  # microseconds
            for samples in speak().reshape(-1, RATE // 50):  # blocks of 20 ms
                session.push_audio(samples, now)
                session.push_face(dict.fromkeys(affetto.blendshape_names(), 0.0) | dict.fromkeys(FROWN, 0.6), now=now)
                now += 20_000
                session.advance(now)
            session.push_text("I keep getting this wrong, it is so annoying", now)
            session.push_activity(Activity.ANSWER, correct=False, attempts=3, seconds=41, now=now)
            session.push_self_report(Emotion.FRUSTRATED, now=now)
            session.advance(now)
            state = session.state()
            print(f"state     {state.emotion}  {state.valence:+.2f} {state.arousal:+.2f} (sd {state.valence_sd:.2f})")
            describe(session, decision := session.decide(Goal.CALM, now))
            print("prompt   ", session.prompt(now=now).text)

            now += 180_000_000  # three minutes later: it was liked, but calm is not there yet
            session.push_self_report(Emotion.TIRED, now=now)
            session.advance(now)
            session.feedback(decision, liking=0.6, now=now)
            describe(session, session.decide(Goal.UPLIFT, now))
        print("export   ", sorted(engine.export("ana")))
        (folder / "report.html").write_text(engine.report_html("ana", session_id), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
