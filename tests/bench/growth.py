"""How cost grows with the length of a course: vectors, words and whole searches, from two thousand passages to a million.

    python tests/bench/growth.py --index DIR [--work DIR] [--sizes 2000,20000,100000,200000,1000000] [--whole 2000,20000,200000] [--seed 1] [--only PIECE]

DIR is an index of the course (`--course`, the one that is shipped if not given). The course of each length begins with the real one and goes on with altered copies of its units
(`growth_course.py`, `growth_text.py`); a shorter course is the beginning of a longer one. Every figure is taken in a process of its own, one after
another, one thread each. Questions are those of `questions/tune.jsonl`, encoded by the encoder that is shipped. All of it takes 9 GB of memory,
10 GB of disk below `--work` and most of an hour; figures found there already are not taken again, so a run that was broken off goes on.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

from growth_table import KINDS, bounds_table, dense_table, efforts_table, likeness_table, whole_table, words_table

from web.settings import Settings

PIECES = Path(__file__).with_name("growth_pieces.py")


class Run:
    """Figures of pieces, kept in a folder."""

    def __init__(self, work: Path, course: Path, index: Path, seed: int) -> None:
        self._command = [sys.executable, str(PIECES), *map(str, (work, course, index, seed))]
        work.mkdir(parents=True, exist_ok=True)
        self._kept = work / f"figures-{seed}.json"
        self.figures = self._read()

    def _read(self) -> dict[str, dict[str, object]]:
        return json.loads(self._kept.read_text("utf-8")) if self._kept.is_file() else {}

    def take(self, *piece: str) -> None:
        """The figures of a piece, taken in a process of its own unless they are there."""
        name = " ".join(piece)
        self.figures = self._read()
        if name in self.figures:
            return
        print(f"{name} ... ", end="", flush=True)
        before = os.getloadavg()[0]
        done = subprocess.run([*self._command, *piece], capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{name} failed:\n{done.stderr}")
        self.figures = self._read() | {name: json.loads(done.stdout) | {"load average": before}}
        self._kept.write_text(json.dumps(self.figures, indent=1), "utf-8")
        print(done.stdout.strip(), flush=True)


def main() -> None:
    """Take what is missing and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--course", type=Path, default=Settings.read({}).course)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--sizes", default="2000,20000,100000,200000,1000000")
    parser.add_argument("--whole", default="2000,20000,200000")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help='pieces whose names begin so: likeness, dense, "dense-build HNSW", words, whole')
    given = parser.parse_args()
    sizes, wholes = ([one for one in listed.split(",") if one] for listed in (given.sizes, given.whole))
    with tempfile.TemporaryDirectory() as folder:
        run = Run(given.work or Path(folder), given.course, given.index, given.seed)
        pieces = [("prepare", max(sizes, key=int)), ("likeness",)]
        for size in sizes:
            pieces += [(f"dense-{step}", kind, size) for kind in KINDS for step in ("build", "ask")]
            pieces += [("words-build", size), ("words-ask", size)]
        pieces += [(f"whole-{step}", size) for size in wholes for step in ("build", "ask")]
        for piece in pieces:
            if f"{' '.join(piece)} ".startswith(("prepare", given.only)):
                run.take(*piece)
    loads = [float(str(one["load average"])) for one in run.figures.values()]
    print(
        f"\nPython {platform.python_version()}, {os.cpu_count()} processors, load {min(loads):.1f} to {max(loads):.1f}, seed {given.seed}\n"
    )
    print("\n\n".join(table(run.figures) for table in (likeness_table, dense_table, efforts_table, words_table, whole_table, bounds_table)))


if __name__ == "__main__":
    main()
