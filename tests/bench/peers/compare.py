"""Our search beside other libraries: the same passages, the same MiniLM weights, the same questions, in one interleaved run.

    tests/bench/peers/make_peers.sh PEERS
    python tests/bench/peers/compare.py PEERS BENCH --work DIR [--only NAME,…] [--starts 5] [--batch 20] [--every 2] [--patience 600]

PEERS holds the environments. BENCH is a folder with ghr/course, ghr/queries.jsonl and score.py. DIR keeps the indexes of the whole course (those that
are there are taken), what the libraries said, figures.json, and what was found. About half an hour on two cores.

Each step goes round the libraries, so that other people's work hits all alike: an eighth of the course is indexed by one after another; they are started in turn, as often as
`--starts` says; then all stay open and are asked a batch of questions each in turn (every second of the set), after one that does not count. Each start and each
round waits for a quiet machine, `--patience` seconds in all at most.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from measured import Process, megabytes
from quiet import Quiet
from systems import SYSTEMS
from table import table

from corpus import UnitArchive, load_course, passages_of
from index import SentenceTransformerEncoder
from index.encoder_export import packaged_model
from index.fields import fields_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corpus import Passage

HERE = Path(__file__).parent

K, DEPTH = 10, 50
"""Passages asked for when time is measured, and when what is found is scored (a section may have several)."""

MANY, MANY_ROUNDS = 100, 3
PART = 8

DEFAULT = "its own"
"""The settings that a library comes with."""

Figures = dict[str, Any]


class Run:
    """One comparison: what is measured, on what, and the figures found so far by library."""

    def __init__(self, given: argparse.Namespace) -> None:
        self.given = given
        self.work: Path = given.work
        self.work.mkdir(parents=True, exist_ok=True)
        self.course: Path = given.bench / "ghr" / "course"
        self.quiet = Quiet(given.patience)
        self.passages, self.texts = _written(self.course, self.work / "passages.jsonl")
        self.queries = [json.loads(line) for line in (given.bench / "ghr" / "queries.jsonl").read_text("utf-8").splitlines()]
        self.figures: dict[str, Figures] = {name: {} for name in SYSTEMS if not given.only or name in given.only.split(",")}

    def start(self, name: str, variables: Mapping[str, str] | None = None, course: Path | None = None) -> Process:
        """A process of a library."""
        system = SYSTEMS[name]
        arguments = [str(course or self.course) if one == "COURSE" else one for one in system.arguments]
        command = [str(self.given.peers / system.environment / "bin" / "python"), str(HERE / system.script), *arguments]
        return Process(command, self.work / f"{_slug(name)}.log", variables or {})

    def folder(self, name: str) -> Path:
        """Where a library's index lies; ours is one, however its questions are read."""
        return self.work / "indexes" / _slug("ours" if name.startswith("ours") else name)

    def builds(self) -> None:
        """Every eighth file of the course indexed from nothing: from the start of the process to the index on disk."""
        course, passages = self.work / "eighth" / "course", self.work / "eighth" / "passages.jsonl"
        shutil.rmtree(course, ignore_errors=True)
        course.mkdir(parents=True)
        for file in sorted(self.course.glob("*.md"))[::PART]:
            shutil.copy(file, course)
        count = len(_written(course, passages)[0])
        for name, figures in self.figures.items():
            folder = self.work / "eighth" / _slug(name)
            shutil.rmtree(folder, ignore_errors=True)
            self.quiet.wait()
            with self.start(name, course=course) as process:
                process.ask(do="build", passages=str(passages), folder=str(folder))
                cost = process.cost()
            figures.update({"built": count, "build": cost.wall, "build_processor": cost.processor})
            _say(name, figures, "built", "build", "build_processor")

    def whole(self) -> None:
        """The index of the whole course that questions are asked of, from vectors encoded once where a library takes them; and what is on disk."""
        for name, figures in self.figures.items():
            folder = self.folder(name)
            if not folder.exists():
                folder.parent.mkdir(exist_ok=True)
                with self.start(name) as process:
                    process.ask(do="build", passages=str(self.work / "passages.jsonl"), vectors=str(self._vectors()), folder=str(folder))
            figures["install"] = megabytes(self.given.peers / SYSTEMS[name].environment)
            figures["index"] = megabytes(folder)
            _say(name, figures, "install", "index")

    def _vectors(self) -> Path:
        """The passages' vectors by sentence-transformers in 32 bits, as every peer makes them."""
        file = self.work / "vectors.npy"
        if not file.exists():
            np.save(file, SentenceTransformerEncoder(packaged_model()).encode(self.texts))
        return file

    def starts(self) -> None:
        """From the start of the process to the answer to its first question, each time another one."""
        found: dict[str, list[Any]] = defaultdict(list)
        for number in range(self.given.starts + 1):
            for name in _turned(list(self.figures), number):
                self.quiet.wait()
                with self.start(name) as process:
                    process.ask(do="open", folder=str(self.folder(name)))
                    process.ask(do="search", question=self.queries[number]["text"], k=K)
                    found[name].append(process.cost())
        for name, costs in found.items():
            _, *counted = costs  # the first reads files that are not in the system's cache yet
            figures = self.figures[name]
            figures["start"] = statistics.median(one.wall for one in counted)
            figures["start_best"] = min(one.wall for one in counted)
            figures["start_processor"] = statistics.median(one.processor for one in counted)
            _say(name, figures, "start", "start_best", "start_processor")

    def questions(self) -> None:
        """Latency of single questions, memory after them, many questions at once, and what was found."""
        with ExitStack() as stack:
            every: dict[tuple[str, str], Process] = {}
            for name in self.figures:
                for way, variables in {DEFAULT: {}, **SYSTEMS[name].settings}.items():
                    process = every[name, way] = stack.enter_context(self.start(name, variables))
                    process.ask(do="open", folder=str(self.folder(name)))
                    process.ask(do="search", question=self.queries[0]["text"], k=K)
            self._latencies(every)
            quickest = {name: every[name, figures["way"]] for name, figures in self.figures.items()}
            for name, process in quickest.items():
                self.figures[name]["memory"] = process.memory()
                self.figures[name]["versions"] = process.ask(do="versions")
            self._throughput(quickest)
            for name, process in quickest.items():
                self._score(name, process.ask(do="search_all", questions=[one["text"] for one in self.queries], k=DEPTH)["ids"])

    def _latencies(self, every: dict[tuple[str, str], Process]) -> None:
        texts = [one["text"] for one in self.queries][:: self.given.every]
        seconds: dict[tuple[str, str], list[float]] = defaultdict(list)
        processor: dict[tuple[str, str], float] = defaultdict(float)
        for number, first in enumerate(range(0, len(texts), self.given.batch)):
            for key in _turned(list(every), number):
                self.quiet.wait()
                process = every[key]
                process.ask(do="search", question=texts[first - 1], k=K)
                before = process.cost().processor
                for text in texts[first : first + self.given.batch]:
                    begun = time.perf_counter()
                    process.ask(do="search", question=text, k=K)
                    seconds[key].append(time.perf_counter() - begun)
                processor[key] += process.cost().processor - before
        for key, found in seconds.items():
            name, way = key
            p50, p95 = (1000 * sorted(found)[int(len(found) * share)] for share in (0.5, 0.95))
            timed = {"way": way, "p50": p50, "p95": p95, "question_processor": 1000 * processor[key] / len(found)}
            self.figures[name].setdefault("ways", {})[way] = timed
            _say(f"{name} ({way})", timed, "p50", "p95", "question_processor")
        for figures in self.figures.values():
            figures.update(min(figures["ways"].values(), key=lambda timed: float(timed["p50"])))

    def _throughput(self, processes: dict[str, Process]) -> None:
        rates: dict[str, list[float]] = defaultdict(list)
        for number in range(MANY_ROUNDS):
            texts = [self.queries[at % len(self.queries)]["text"] for at in range(number * MANY, (number + 1) * MANY)]
            for name in _turned(list(processes), number):
                self.quiet.wait()
                begun = time.perf_counter()
                processes[name].ask(do="search_all", questions=texts, k=K)
                rates[name].append(len(texts) / (time.perf_counter() - begun))
        for name, found in rates.items():
            self.figures[name]["rate"] = statistics.median(found)

    def _score(self, name: str, found: list[list[str]]) -> None:
        """Let BENCH's own scorer score what was found."""
        places = {one.id: {"file": one.file, "headings": list(one.headings)} for one in self.passages}
        hits = self.work / f"{_slug(name)}.hits.jsonl"
        lines = ({"id": one["id"], "hits": [places[id_] for id_ in ids]} for one, ids in zip(self.queries, found, strict=True))
        hits.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
        queries = ["--queries", str(self.given.bench / "ghr" / "queries.jsonl")]
        scorer = [sys.executable, str(self.given.bench / "score.py"), *queries, "search", str(hits)]
        scored = subprocess.run(scorer, check=True, capture_output=True, text=True).stdout
        rows = re.findall(r"by (\w+)\s+(\w+)\s+n=\s*\d+\s+hit@1 ([\d.]+)\s+hit@5 [\d.]+\s+nDCG@10 ([\d.]+)", scored)
        self.figures[name]["ndcg"] = {kind: float(ndcg) for level, kind, _, ndcg in rows if level == "section"}
        self.figures[name]["file_hit"] = {kind: float(hit) for level, kind, hit, _ in rows if level == "file"}
        _say(name, self.figures[name], "rate", "memory", "ndcg", "file_hit")


def _written(course: Path, file: Path) -> tuple[tuple[Passage, ...], tuple[str, ...]]:
    """The passages of a course and their texts, as our own index encodes them, written to a file for the libraries."""
    passages = passages_of(load_course(course, UnitArchive(file.with_name("units.jsonl"))))
    texts = fields_of(passages).vectors["passage"]
    lines = (json.dumps({"id": one.id, "text": text}, ensure_ascii=False) + "\n" for one, text in zip(passages, texts, strict=True))
    file.write_text("".join(lines), "utf-8")
    return tuple(passages), texts


def _turned(names: list[Any], by: int) -> list[Any]:
    """The names in a round, begun at another one each time."""
    at = by % len(names)
    return names[at:] + names[:at]


def _slug(name: str) -> str:
    return re.sub(r"\W+", "-", name.lower())


def _say(name: str, figures: Figures, *keys: str) -> None:
    said = (f"{key} {figures[key] if isinstance(figures[key], dict) else f'{figures[key]:.2f}'}" for key in keys)
    print(f"{name}: {', '.join(said)}", flush=True)


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("peers", type=Path)
    parser.add_argument("bench", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--batch", type=int, default=20)
    parser.add_argument("--every", type=int, default=2)
    parser.add_argument("--patience", type=float, default=600)
    run = Run(parser.parse_args())
    loads = [os.getloadavg()]
    for step in (run.whole, run.starts, run.questions, run.builds):
        step()
        loads.append(os.getloadavg())
        (run.work / "figures.json").write_text(json.dumps({"loads": loads, "figures": run.figures}, indent=1), "utf-8")
    print(f"load before, between and after: {', '.join(f'{one[0]:.1f}' for one in loads)}; {run.quiet.told()}")
    print(table(run.figures))


if __name__ == "__main__":
    main()
