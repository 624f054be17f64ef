"""The declarations against the header: names, types, layouts, numbers."""

from __future__ import annotations

import ctypes
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from affetto import _ffi, errors, vocabulary

HEADER = Path(__file__).resolve().parents[3] / "Include" / "affetto.h"
TEXT = re.sub(r"/\*.*?\*/", "", HEADER.read_text(encoding="utf-8"), flags=re.DOTALL)
CODE = re.sub(r"^#(?:.*\\\n)*.*$", "", TEXT, flags=re.MULTILINE)

FUNCTIONS = {
    name: (result.strip(), [p.strip() for p in parameters.split(",")])
    for result, name, parameters in re.findall(r"^((?:const )?\w+ \*?)(affetto_\w+)\(([^;{}]*)\);", CODE, re.MULTILINE)
}

NUMBERS = {
    "int32_t": ctypes.c_int32,
    "uint32_t": ctypes.c_uint32,
    "int64_t": ctypes.c_int64,
    "uint64_t": ctypes.c_uint64,
    "size_t": ctypes.c_size_t,
    "ptrdiff_t": ctypes.c_ssize_t,
    "float": ctypes.c_float,
    "double": ctypes.c_double,
    "affetto_time": ctypes.c_int64,
    "affetto_status": ctypes.c_int32,
}


HANDLES = {
    f"affetto_{name}"
    for name in ("engine", "session", "voice", "face", "face_recording", "music", "dataset", "model")
}


def python_type(declaration: str) -> object:
    """The ctypes type of a C parameter or result, without its name."""
    words = declaration.replace("const ", "").split()
    base, stars = words[0], declaration.count("*")
    if stars == 0:
        return None if base == "void" else NUMBERS[base]
    if base == "char":
        return ctypes.c_char_p
    if base == "float":
        return ctypes.c_void_p  # an address, see _ffi
    if base in HANDLES:
        return ctypes.c_void_p if stars == 1 else ctypes.POINTER(ctypes.c_void_p)
    return ctypes.POINTER(NUMBERS.get(base) or getattr(_ffi, base))


def test_every_function_is_declared() -> None:
    assert len(FUNCTIONS) > 60
    assert set(_ffi.PROTOTYPES) == set(FUNCTIONS)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_types(name: str) -> None:
    result, parameters = FUNCTIONS[name]
    expected = [] if parameters == ["void"] else [python_type(p) for p in parameters]
    assert _ffi.PROTOTYPES[name] == (python_type(result + " x" if "*" not in result else result), tuple(expected))


def test_every_struct_is_declared() -> None:
    structs = set(re.findall(r"^typedef struct (\w+) \{", CODE, re.MULTILINE))
    assert structs == {struct.__name__ for struct in _ffi.STRUCTS}


@pytest.mark.skipif(shutil.which("gcc") is None, reason="no gcc to ask for the layout")
def test_layout(tmp_path: Path) -> None:
    lines = []
    for struct in _ffi.STRUCTS:
        name = struct.__name__
        lines.append(f'printf("{name} %zu\\n", sizeof({name}));')
        for field in struct._fields_:
            lines.append(f'printf("{name}.{field[0]} %zu\\n", offsetof({name}, {field[0]}));')
            lines.append(f'printf("{name}.{field[0]}# %zu\\n", sizeof((({name} *)0)->{field[0]}));')
    source = tmp_path / "layout.c"
    source.write_text('#include "affetto.h"\n#include <stdio.h>\nint main(void) {\n' + "\n".join(lines) + "\n}\n")
    program = tmp_path / "layout"
    subprocess.run(["gcc", "-std=c11", f"-I{HEADER.parent}", str(source), "-o", str(program)], check=True)
    output = subprocess.run([str(program)], check=True, capture_output=True, text=True).stdout
    layout = {key: int(value) for key, value in (line.split() for line in output.splitlines())}
    for struct in _ffi.STRUCTS:
        name = struct.__name__
        assert ctypes.sizeof(struct) == layout[name], name
        for field in struct._fields_:
            member = getattr(struct, field[0])
            assert member.offset == layout[f"{name}.{field[0]}"], f"{name}.{field[0]}"
            assert member.size == layout[f"{name}.{field[0]}#"], f"{name}.{field[0]}"


@pytest.mark.parametrize("struct", _ffi.STRUCTS, ids=lambda struct: struct.__name__)
def test_fields(struct: type[ctypes.Structure]) -> None:
    body = re.search(rf"typedef struct {struct.__name__} \{{(.*?)\}} {struct.__name__};", CODE, re.DOTALL)
    assert body is not None
    names = []
    for statement in body.group(1).split(";"):
        if statement.strip():
            names += [re.sub(r"\[.*\]", "", part).split()[-1].lstrip("*") for part in statement.split(",")]
    assert [field[0] for field in struct._fields_] == names


ENUMS = {
    "affetto_status": (errors.Status, "ERR_"),
    "affetto_emotion": (vocabulary.Emotion, ""),
    "affetto_modality": (vocabulary.Modality, ""),
    "affetto_purpose": (vocabulary.Purpose, "PURPOSE_"),
    "affetto_role": (vocabulary.Role, "ROLE_"),
    "affetto_task": (vocabulary.Task, "TASK_"),
    "affetto_goal": (vocabulary.Goal, "GOAL_"),
    "affetto_strategy": (vocabulary.Strategy, "STRATEGY_"),
    "affetto_action": (vocabulary.Action, "ACTION_"),
    "affetto_gate": (vocabulary.Gate, "GATE_"),
    "affetto_abstain": (vocabulary.Abstain, "ABSTAIN_"),
    "affetto_language": (vocabulary.Language, "LANGUAGE_"),
    "affetto_crisis_tier": (vocabulary.CrisisTier, "CRISIS_"),
    "affetto_party_role": (vocabulary.PartyRole, "PARTY_"),
    "affetto_lyrics_tag": (vocabulary.LyricsTag, "LYRICS_"),
    "affetto_activity": (vocabulary.Activity, ""),
    "affetto_playback": (vocabulary.Playback, "PLAYBACK_"),
    "affetto_voice_mode": (vocabulary.VoiceMode, "VOICE_"),
    "affetto_point_layout": (vocabulary.PointLayout, "POINTS_"),
    "affetto_face_basis": (vocabulary.FaceBasis, "FACE_"),
    "affetto_face_format": (vocabulary.FaceFormat, "FACE_"),
    "affetto_label_source": (vocabulary.LabelSource, "LABEL_"),
    "affetto_review_status": (vocabulary.ReviewStatus, "REVIEW_"),
    "affetto_table_format": (vocabulary.TableFormat, "TABLE_"),
}


def test_every_enum_is_declared() -> None:
    assert set(re.findall(r"^typedef enum (\w+) \{", CODE, re.MULTILINE)) == set(ENUMS)


@pytest.mark.parametrize("name", ENUMS)
def test_enum(name: str) -> None:
    ours, prefix = ENUMS[name]
    body = re.search(rf"typedef enum {name} \{{(.*?)\}}", CODE, re.DOTALL)
    assert body is not None
    theirs = {
        constant.removeprefix(prefix): int(value)
        for constant, value in re.findall(r"AFFETTO_(\w+) = (-?\d+)\b", body.group(1))
        if "FORCE_32" not in constant
    }
    assert {member.name: member.value for member in ours} == theirs


def test_constants() -> None:
    for constant in ("ABI_VERSION", "BLENDSHAPE_COUNT", "ACTION_UNIT_COUNT", "EXPRESSION_COUNT", "VOICE_FEATURE_COUNT", "VOICE_DESCRIPTOR_COUNT", "TURN_MODALITY_COUNT", "TURN_EVIDENCE_COUNT", "DATASET_MODALITIES"):
        value = getattr(_ffi, constant)
        assert re.search(rf"^#define AFFETTO_{constant} {value}$", TEXT, re.MULTILINE)
