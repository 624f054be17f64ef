"""Runs the code cells of a notebook in one namespace, without Jupyter: run_notebook.py FILE"""

import json
import pathlib
import sys

import matplotlib

matplotlib.use("Agg")
namespace: dict[str, object] = {"__name__": "__main__"}
for number, cell in enumerate(json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))["cells"]):
    if cell["cell_type"] == "code":
        exec(compile("".join(cell["source"]), f"{sys.argv[1]} cell {number}", "exec"), namespace)
