"""Measure answers: key facts present, refusals right, quotes word for word, by kind of question.

    python tests/bench/answers.py tests/bench/questions/reported.jsonl [--misses] [--only KIND]

Each line of a question file holds id, kind, question, history, outcome, state (the states that are right) and facts: each fact
a list of alternatives, one of which must stand in the answer ("re:" begins a regular expression). A question that should be
answered and is refused counts as wrongly refused; one that should be refused counts as right in any of its states.
"""

from __future__ import annotations

import argparse
import collections
import json
import re
import statistics
import time
from pathlib import Path
from typing import Any

from assistant import Answer, AnswerSentence, Boundary, Partly, Reply
from assistant.opening import open_assistant
from assistant.wire import answer_line
from web.settings import Settings

_ANSWERED = {"covered", "partly", "boundary"}


def holds(fact: list[str], text: str) -> bool:
    """Whether one of the fact's alternatives stands in the text."""
    lower = text.lower()
    return any(re.search(one[3:], lower, re.IGNORECASE) is not None if one.startswith("re:") else one.lower() in lower for one in fact)


def sentences_of(reply: Reply) -> tuple[AnswerSentence, ...]:
    """The sentences of a reply that has any."""
    return reply.sentences if isinstance(reply, Answer | Partly | Boundary) else ()


def main() -> None:
    """Ask every question of a file and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--misses", action="store_true", help="print the questions that were not answered or refused as they should be")
    parser.add_argument("--only", default="", help="only kinds that begin with this")
    parser.add_argument("--index", type=Path, help="folder of the index")
    options = parser.parse_args()
    questions = [json.loads(line) for line in options.questions.read_text(encoding="utf-8").splitlines() if line.strip()]
    assistant = open_assistant(Settings.read({"index": options.index} if options.index else {}))
    texts = {sentence.id: sentence.text for passage in assistant.searcher.index.passages for sentence in passage.sentences}
    rows: dict[str, list[dict[str, Any]]] = collections.defaultdict(list)
    quotes = wrong_quotes = 0
    for question in questions:
        if not question["kind"].startswith(options.only):
            continue
        started = time.perf_counter()
        reply = assistant.ask(question["question"], question["history"])
        elapsed = (time.perf_counter() - started) * 1000
        line = answer_line(question["id"], reply, elapsed)
        for cited in (c for sentence in sentences_of(reply) for c in sentence.citations):
            quotes += 1
            wrong_quotes += texts.get(cited.sentence) != cited.quote
        found = [holds(fact, line["answer"]) for fact in question["facts"]]
        rows[question["kind"]].append(
            {
                "answered": line["state"] in _ANSWERED,
                "right_state": line["state"] in question["state"],
                "facts": all(found) if line["state"] in _ANSWERED else False,
                "share": sum(found) / len(found) if found and line["state"] in _ANSWERED else 0.0,
                "ms": elapsed,
                "words": len(line["answer"].split()),
                "answerable": bool(question["facts"]) or question["state"][0] in ("covered", "partly"),
            }
        )
        right = all(found) and line["state"] in _ANSWERED if question["facts"] else line["state"] in question["state"]
        if options.misses and not right:
            missing = [fact[:2] for fact, there in zip(question["facts"], found, strict=True) if not there]
            print(
                f"{question['id']} {question['kind']} {question.get('outcome', '')} [{line['state']} {line['confidence']:.2f}] "
                f"{' || '.join([*question['history'], question['question']])}"
            )
            print(f"      understood: {line['understood']}\n      missing: {missing}")
            for cited in line["citations"]:
                print(f"      {cited['number']} {cited['passage']}: {cited['quote'][:150]}")
    print(f"{'kind':18}{'n':>5}{'facts all':>11}{'fact share':>12}{'answered':>10}{'state right':>13}{'p50 ms':>8}{'words':>7}")
    for kind, group in [*sorted(rows.items()), *_totals(rows)]:
        share = statistics.mean(row["share"] for row in group)
        print(
            f"{kind:18}{len(group):5}{_mean(group, 'facts'):11.3f}{share:12.3f}{_mean(group, 'answered'):10.3f}"
            f"{_mean(group, 'right_state'):13.3f}{statistics.median(row['ms'] for row in group):8.1f}"
            f"{statistics.median(row['words'] for row in group):7.0f}"
        )
    took = statistics.quantiles([row["ms"] for group in rows.values() for row in group], n=100)
    print(f"all questions: p50 {took[49]:.1f} ms, p95 {took[94]:.1f} ms")
    print(f"quotes {quotes}, not word for word {wrong_quotes}")


def _mean(group: list[dict[str, Any]], name: str) -> float:
    return sum(bool(row[name]) for row in group) / len(group)


def _totals(rows: dict[str, list[dict[str, Any]]]) -> list[tuple[str, list[dict[str, Any]]]]:
    every = [row for group in rows.values() for row in group]
    parts = [("ANSWERABLE", [row for row in every if row["answerable"]]), ("TO REFUSE", [row for row in every if not row["answerable"]])]
    return [(name, group) for name, group in parts if group]


if __name__ == "__main__":
    main()
