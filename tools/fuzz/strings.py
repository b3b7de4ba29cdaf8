"""How many of 3,000 strings have other ids in diptych than in Python, for every kind of tokenizer in ../shared.

    python tools/fuzz/strings.py [--seed 1] [--count 3000] [--only KIND] [--show 3] [--keep FILE]
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from kinds import kinds
from texts import texts

ROOT = Path(__file__).resolve().parents[2]
RUN = ["node", "--conditions=@diptych/source", "--import", "tsx", str(ROOT / "tools/fuzz/strings.ts")]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--only", default="")
    parser.add_argument("--show", type=int, default=0)
    options = parser.parse_args()
    made = texts(options.seed, options.count)
    wanted = [kind for kind in kinds(ROOT.parent / "shared") if options.only in kind.name]
    with tempfile.TemporaryDirectory() as folder:
        for i, kind in enumerate(wanted):
            case = {"name": kind.name, "files": kind.files, "options": kind.options, "make": kind.make}
            rows = [ids(kind, text) for text in made]
            Path(folder, f"{i:03}.json").write_text(json.dumps({**case, "texts": made, "ids": rows}))
        return subprocess.run([*RUN, folder, str(options.show)], cwd=ROOT).returncode


def ids(kind, text: str) -> list[int] | None:
    """None where Python fails: nothing to compare with."""
    try:
        return kind.ids(text)
    except Exception:
        return None


sys.exit(main())
