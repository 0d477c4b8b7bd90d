"""A power cut is survived: the program is killed (SIGKILL) at random moments of its work, and must have lost and broken nothing.

    python tests/bench/kills.py [--seed 1] [--kills 200] [--kinds "journal writes,course edit"] [--index DIR]

Six kinds of work: `index build`, saving a unit in the editor, making the index anew behind the pages, questions asked over HTTP, `journal import`, and the first
start of a newer bundle. Each is done whole once, which says how long it takes; then it is killed, the whole process group, at moments drawn evenly from that time. After each
kill two hours go by for the files' dates, the program is started again and asked a question, and all that it ever acknowledged is looked for: events, turns,
tutors' answers and sessions, saved texts, imported files. Databases, JSON, index and replaced texts must be whole. At the end each kind is done whole once more, and no
file may be left that the program does not know. Work that had ended before its kill is done again and not counted. `--index` is an index to begin with, of any course,
which spares some seconds. Exit status 1 if anything was lost or broken.

What it does not show: a disk that had not yet written what it was told to write.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from kills_edits import Editing, FirstEditing, Reindexing
from kills_home import Home
from kills_left import aged, left_over
from kills_upgrade import Upgrading
from kills_work import Asking, Building, Importing, Moments

if TYPE_CHECKING:
    from kills_home import Fault
    from kills_work import Work

KINDS = ("index build", "course edit", "re-index", "journal writes", "journal import", "upgrade")


class Trials:
    """The kinds of work over one home, their kills and what came of them."""

    def __init__(self, folder: Path, kinds: list[str], seed: int, index: Path | None) -> None:
        """A small course in the folder; nothing is running yet."""
        self._rng = random.Random(seed)
        self.home = Home.made(folder, folder / "course", index)
        first, upgrade = FirstEditing(self.home.index, folder / "first", self._rng), Upgrading(folder / "upgrade", self.home.index)
        at_home = [kind(self.home, self._rng) for kind in (Building, Editing, Reindexing, Asking, Importing)]
        works: list[Work] = [work for work in (*at_home, first, upgrade) if work.name in kinds]
        self.works = {work: Moments(0, 0) for work in works}
        self.moments: dict[str, list[float]] = defaultdict(list)
        self.faults: Counter[tuple[str, str]] = Counter()

    def begin(self) -> None:
        """Serve the course and do each kind of work once."""
        self.home.serve()
        self.home.sign_in()
        for work in self.works:
            self.works[work] = moments = work.quiet()
            print(f"{work.name} takes {moments.last:.1f} s; killed from {moments.first:.1f} s on", flush=True)

    def run(self, kills: int) -> None:
        """Kill so often, each kind as often as the others."""
        kinds = list(dict.fromkeys(work.name for work in self.works))
        order = list(itertools.islice(itertools.cycle(kinds), kills))
        self._rng.shuffle(order)
        for number, kind in enumerate(order, 1):
            work = self._rng.choice([one for one in self.works if one.name == kind])
            moment = self._killed(work)
            self.moments[kind].append(moment)
            aged(work.data)
            wrong = list(work.faults())
            self._note(kind, wrong)
            print(
                f"{number}/{kills} {kind} killed after {moment:.2f} s" + "".join(f"\n  {one.kind}: {one.words}" for one in wrong),
                flush=True,
            )

    def _killed(self, work: Work) -> float:
        """The moment of a kill that met something to kill."""
        while True:
            moment = self._rng.uniform(*self.works[work])
            if work.cut(moment):
                return moment

    def _note(self, kind: str, wrong: list[Fault]) -> None:
        self.faults.update((kind, one) for one in {fault.kind for fault in wrong})

    def tidied(self) -> list[str]:
        """What is left over once each kind of work was done undisturbed, a day later."""
        aged(self.home.folder)
        for work in self.works:
            work.quiet()
        aged(self.home.folder)
        self.home.kill()
        self.home.serve()
        strange = left_over(self.home.data) + [one.name for one in self.home.course.rglob(".*")]
        return strange + [fault.words for fault in self.home.faults()]

    def table(self) -> str:
        """Kills by kind."""
        lines = ["| work | kills | lost | broken | median moment |", "|---|---|---|---|---|"]
        for kind, moments in self.moments.items():
            counts = f"{len(moments)} | {self.faults[kind, 'lost']} | {self.faults[kind, 'broken']}"
            lines.append(f"| {kind} | {counts} | {statistics.median(moments):.1f} s |")
        total = [sum(count for (_, kind), count in self.faults.items() if kind == one) for one in ("lost", "broken")]
        return "\n".join([*lines, f"| all | {sum(map(len, self.moments.values()))} | {total[0]} | {total[1]} | |"])

    def end(self) -> None:
        """Kill what is still running."""
        self.home.kill()
        for work in self.works:
            if isinstance(work, FirstEditing | Upgrading):
                work.drop()


def main() -> int:
    """Print the table; 1 if anything was lost or broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--index", type=Path)
    given = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        trials = Trials(Path(folder), given.kinds.split(","), given.seed, given.index)
        try:
            trials.begin()
            trials.run(given.kills)
            strange = trials.tidied()
        finally:
            trials.end()
    print(
        f"\nseed {given.seed}, {time.monotonic() - begun:.0f} s, load {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors\n\n{trials.table()}"
    )
    print("\n".join(["", "left over at the end:", *(f"  {one}" for one in strange)] if strange else ["", "nothing left over at the end"]))
    return 1 if trials.faults or strange else 0


if __name__ == "__main__":
    sys.exit(main())
