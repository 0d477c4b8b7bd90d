"""Our search beside other libraries: the same passages, the same MiniLM weights, the same questions, in one interleaved run.

    tests/bench/peers/make_peers.sh PEERS
    python tests/bench/peers/compare.py PEERS BENCH --work DIR [--only NAME,…] [--starts 5] [--batch 20] [--keep]

PEERS holds the environments. BENCH is a folder with ghr/course, ghr/queries.jsonl and score.py. DIR keeps the indexes (`--keep` takes those
that are there), what the libraries said, figures.json, and the table, which is also printed. About 40 minutes on two cores.

Each step goes round the libraries, so that other people's work hits all alike: builds one after another; starts in turn, as often as
`--starts` says; then all stay open and are asked a batch of questions each in turn, the first of each batch not counted.
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
from typing import Any

from measured import Process, megabytes
from table import table

from corpus import UnitArchive, load_course, passages_of
from index.fields import fields_of

HERE = Path(__file__).parent
SYSTEMS = {
    "ours": ("ours", "with_ours.py", "COURSE"),
    "ours, question read": ("ours", "with_ours.py", "COURSE", "--read"),
    "txtai": ("txtai", "with_txtai.py"),
    "txtai hybrid": ("txtai", "with_txtai.py", "--hybrid"),
    "LangChain + FAISS": ("langchain", "with_langchain.py"),
    "LlamaIndex + FAISS": ("llamaindex", "with_llama_index.py"),
    "Haystack + FAISS": ("haystack", "with_haystack.py"),
    "Chroma": ("chroma", "with_chroma.py"),
}
"""Name: environment, script and its arguments."""

K, DEPTH = 10, 50
"""Passages asked for when time is measured, and when what is found is scored (a section may have several)."""

MANY, MANY_ROUNDS = 100, 3

Figures = dict[str, Any]


class Run:
    """One comparison: what is measured, on what, and the figures found so far by library."""

    def __init__(self, given: argparse.Namespace) -> None:
        """Write the passages out."""
        self.given = given
        self.work: Path = given.work
        self.work.mkdir(parents=True, exist_ok=True)
        self.course: Path = given.bench / "ghr" / "course"
        passages = passages_of(load_course(self.course, UnitArchive(self.work / "units.jsonl")))
        texts = fields_of(passages).vectors["passage"]
        lines = (json.dumps({"id": one.id, "text": text}, ensure_ascii=False) + "\n" for one, text in zip(passages, texts, strict=True))
        (self.work / "passages.jsonl").write_text("".join(lines), "utf-8")
        self.places = {one.id: {"file": one.file, "headings": list(one.headings)} for one in passages}
        self.queries = [json.loads(line) for line in (given.bench / "ghr" / "queries.jsonl").read_text("utf-8").splitlines()]
        self.figures: dict[str, Figures] = {name: {} for name in SYSTEMS if not given.only or name in given.only.split(",")}

    def start(self, name: str) -> Process:
        """A process of a library."""
        environment, script, *arguments = SYSTEMS[name]
        python = self.given.peers / environment / "bin" / "python"
        arguments = [str(self.course) if one == "COURSE" else one for one in arguments]
        return Process([str(python), str(HERE / script), *arguments], self.work / f"{_slug(name)}.log")

    def folder(self, name: str) -> Path:
        """Where a library's index lies; ours is one, however its questions are read."""
        return self.work / "indexes" / _slug("ours" if name.startswith("ours") else name)

    def sizes_and_builds(self) -> None:
        """Install size, versions, and the index built from nothing: from the start of the process to the index on disk."""
        for name, figures in self.figures.items():
            figures["install"] = megabytes(self.given.peers / SYSTEMS[name][0])
            with self.start(name) as process:
                figures["versions"] = process.ask(do="versions")
            folder = self.folder(name)
            built = folder.with_name(f"{folder.name}.json")
            if not (folder.exists() and (self.given.keep or name == "ours, question read")):
                shutil.rmtree(folder, ignore_errors=True)
                folder.parent.mkdir(exist_ok=True)
                with self.start(name) as process:
                    process.ask(do="build", passages=str(self.work / "passages.jsonl"), folder=str(folder))
                    cost = process.cost()
                built.write_text(json.dumps({"build": cost.wall, "build_processor": cost.processor}))
            figures.update(json.loads(built.read_text()))
            figures["index"] = megabytes(folder)
            _say(name, figures, "build", "install")

    def starts(self) -> None:
        """From the start of the process to the answer to its first question, each time another one."""
        found: dict[str, list[Any]] = defaultdict(list)
        for number in range(self.given.starts + 1):
            for name in _turned(list(self.figures), number):
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
            _say(name, figures, "start", "start_best")

    def questions(self) -> None:
        """Latency of single questions, memory after them, many questions at once, and what was found."""
        with ExitStack() as stack:
            open_ones = {name: stack.enter_context(self.start(name)) for name in self.figures}
            for name, process in open_ones.items():
                process.ask(do="open", folder=str(self.folder(name)))
                process.ask(do="search", question=self.queries[0]["text"], k=K)
            self._latencies(open_ones)
            for name, process in open_ones.items():
                self.figures[name]["memory"] = process.memory()
            self._throughput(open_ones)
            for name, process in open_ones.items():
                found = [process.ask(do="search", question=one["text"], k=DEPTH)["ids"] for one in self.queries]
                self._score(name, found)

    def _latencies(self, open_ones: dict[str, Process]) -> None:
        texts = [one["text"] for one in self.queries]
        seconds: dict[str, list[float]] = defaultdict(list)
        processor: dict[str, float] = defaultdict(float)
        for number, first in enumerate(range(0, len(texts), self.given.batch)):
            batch = texts[first : first + self.given.batch]
            for name in _turned(list(open_ones), number):
                process = open_ones[name]
                process.ask(do="search", question=texts[first - 1], k=K)
                before = process.cost().processor
                for text in batch:
                    begun = time.perf_counter()
                    process.ask(do="search", question=text, k=K)
                    seconds[name].append(time.perf_counter() - begun)
                processor[name] += process.cost().processor - before
        for name, figures in self.figures.items():
            ordered = sorted(seconds[name])
            figures["p50"], figures["p95"] = (1000 * ordered[int(len(ordered) * share)] for share in (0.5, 0.95))
            figures["question_processor"] = 1000 * processor[name] / len(ordered)
            _say(name, figures, "p50", "p95", "question_processor")

    def _throughput(self, open_ones: dict[str, Process]) -> None:
        rates: dict[str, list[float]] = defaultdict(list)
        for number in range(MANY_ROUNDS):
            texts = [one["text"] for one in self.queries[number * MANY :][:MANY]]
            for name in _turned(list(open_ones), number):
                begun = time.perf_counter()
                open_ones[name].ask(do="search_all", questions=texts, k=K)
                rates[name].append(len(texts) / (time.perf_counter() - begun))
        for name, found in rates.items():
            self.figures[name]["rate"] = statistics.median(found)

    def _score(self, name: str, found: list[list[str]]) -> None:
        """Let BENCH's own scorer score what was found."""
        hits = self.work / f"{_slug(name)}.hits.jsonl"
        lines = ({"id": one["id"], "hits": [self.places[id_] for id_ in ids]} for one, ids in zip(self.queries, found, strict=True))
        hits.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
        scorer = [sys.executable, str(self.given.bench / "score.py"), "search", str(hits)]
        scored = subprocess.run(scorer, check=True, capture_output=True, text=True).stdout
        rows = re.findall(r"by (\w+)\s+(\w+)\s+n=\s*\d+\s+hit@1 ([\d.]+)\s+hit@5 [\d.]+\s+nDCG@10 ([\d.]+)", scored)
        self.figures[name]["ndcg"] = {kind: float(ndcg) for level, kind, _, ndcg in rows if level == "section"}
        self.figures[name]["file_hit"] = {kind: float(hit) for level, kind, hit, _ in rows if level == "file"}
        _say(name, self.figures[name], "rate", "memory", "ndcg", "file_hit")


def _turned(names: list[str], by: int) -> list[str]:
    """The names in a round, begun at another one each time."""
    at = by % len(names)
    return names[at:] + names[:at]


def _slug(name: str) -> str:
    return re.sub(r"\W+", "-", name.lower())


def _say(name: str, figures: Figures, *keys: str) -> None:
    print(
        f"{name}: "
        + ", ".join(f"{key} {figures[key] if isinstance(figures[key], dict) else f'{figures[key]:.2f}'}" for key in keys if key in figures),
        flush=True,
    )


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("peers", type=Path)
    parser.add_argument("bench", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--batch", type=int, default=20)
    parser.add_argument("--keep", action="store_true")
    run = Run(parser.parse_args())
    loads = [os.getloadavg()]
    run.sizes_and_builds()
    loads.append(os.getloadavg())
    run.starts()
    loads.append(os.getloadavg())
    run.questions()
    loads.append(os.getloadavg())
    (run.work / "figures.json").write_text(json.dumps({"loads": loads, "figures": run.figures}, indent=1), "utf-8")
    print("load before, between and after: " + ", ".join(f"{one[0]:.1f}" for one in loads))
    print(table(run.figures))


if __name__ == "__main__":
    main()
