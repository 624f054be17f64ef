"""Holds README's code against the examples: every line of its C and Python blocks must stand in a compiled example."""

import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parents[2]
readme = (root / "README.md").read_text(encoding="utf-8")
missing = []
for language, example in (("c", "examples/c/main_job.c"), ("python", "examples/python/main_job.py")):
    source = {line.strip() for line in (root / example).read_text(encoding="utf-8").splitlines()}
    blocks = re.findall(rf"```{language}\n(.*?)```", readme, re.S)
    if not blocks:
        missing.append(f"README has no {language} block")
    missing += [line for block in blocks for line in block.splitlines() if line.strip() and line.strip() not in source]
for line in missing:
    print("not in the example:", line)
sys.exit(bool(missing))
