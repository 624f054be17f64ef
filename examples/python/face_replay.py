"""Replays a tracker's recording of a face into a session, as a live host would.

    python face_replay.py [RECORDING] [--aspect WIDTH/HEIGHT]

RECORDING: MediaPipe FaceLandmarker results (JSON), Live Link Face, OpenFace 2 or py-feat (CSV). Without one, a made-up one
of 40 s is written in MediaPipe's format and replayed: at rest, a smile, a lowered brow, nobody there, at rest.
"""

import argparse
import json
import math
import os
import tempfile

import affetto

RATE = 15


def made_up() -> str:
    """What FaceLandmarker gives in JavaScript, with a timestamp beside each result."""
    names = ["_neutral", *(name for name in affetto.blendshape_names() if name != "tongueOut")]
    results = []
    for i in range(40 * RATE):
        time = i / RATE
        values = dict.fromkeys(names, 0.02)
        if time % 4 < 0.15:
            values |= dict.fromkeys(["eyeBlinkLeft", "eyeBlinkRight"], 0.9)
        if 10 <= time < 20:
            much = 0.4 + 0.2 * math.sin(time)
            values |= dict.fromkeys(["mouthSmileLeft", "mouthSmileRight"], much)
        if 20 <= time < 30:
            values |= dict.fromkeys(["browDownLeft", "browDownRight", "eyeSquintLeft", "eyeSquintRight"], 0.6)
        categories = [{"index": k, "score": values[name], "categoryName": name} for k, name in enumerate(names)]
        results.append({"timestampMs": 1000 * time, "faceBlendshapes": [{"categories": categories}] if time < 34 else []})
    path = os.path.join(tempfile.mkdtemp(), "face.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(results, file)
    return path


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("recording", nargs="?")
    parser.add_argument("--aspect", type=float)
    arguments = parser.parse_args()
    path = arguments.recording or made_up()
    recording = affetto.face.read(path, aspect=arguments.aspect)
    print(f"{os.path.basename(path)}: {recording.format}, {len(recording)} frames in {recording.duration_s:.0f} s")
    print("  time  shows                quality  smile  brows down  blinks/min   valence           feels")
    with affetto.Engine(preset="eu_home") as engine:
        engine.create_learner("ana", {"age_band": "adult"})
        for modality in (affetto.Modality.FACE, affetto.Modality.SELF_REPORT):
            engine.grant("ana", modality)
        with engine.session("ana") as session:
            due = first = recording[0][0]
            for time, frame in recording:
                session.push_face(frame, now=time)
                if time < due:
                    continue
                due += 5_000_000
                session.advance(now=time)
                show((time - first) / 1e6, session.face(), session.state())
            session.push_self_report(emotion=affetto.Emotion.CONFUSED, now=time)
            session.advance(now=time)
            print("Asked, the learner says: confused. That sets the state, and teaches what this face is worth:")
            show((time - first) / 1e6, session.face(), session.state())


def show(seconds: float, face: affetto.face.Signals, state: affetto.State) -> None:
    best = max(face.expression, key=lambda name: face.expression[name])
    shown = "no face" if not face.is_valid else f"{best} {face.expression[best]:.0%}" if face.basis else "-"

    def cell(value: float, width: int) -> str:
        return f"{'-' if math.isnan(value) else f'{value:.2f}':>{width}}"

    print(
        f"{seconds:5.0f}s  {shown:18}{cell(face.quality, 10)}{cell(face.smile, 7)}{cell(face.brow_lower, 12)}"
        f"{cell(face.blink_rate, 12)}   {state.valence:+.2f} +- {state.valence_sd:.2f}   "
        f"{'cannot tell' if state.emotion is affetto.Emotion.UNKNOWN else state.emotion}"
    )


if __name__ == "__main__":
    main()
