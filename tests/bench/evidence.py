"""Ask the product's own search every outcome and every practice question of the course, and see whether it finds the evidence.

    python tests/bench/evidence.py [--misses]

For an outcome, any section marked with it counts; for a practice question, the section named as its evidence and those below it.
Practice questions are ways in: their vectors are in the index and lead to their evidence. With --without-ways-in they are
left out of the search, so that none finds its section by being there itself.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.opening import open_assistant
from index import search
from index.search import Query
from web.settings import Settings

if TYPE_CHECKING:
    from corpus import Course


def asked(course: Course) -> list[tuple[str, str, set[str]]]:
    """(kind, text, ids of the sections that hold the evidence) for every outcome and practice question."""
    questions: list[tuple[str, str, set[str]]] = []
    for unit in course.units.values():
        for outcome in course.outcomes.values():
            marked = {section.id for section in unit.sections if outcome.id in section.outcomes}
            if outcome.unit == unit.id and marked:
                questions.append(("outcome", outcome.text, marked))
        for question in unit.check_questions:
            above = next((section.headings for section in unit.sections if section.anchor == question.evidence), ())
            below = {section.id for section in unit.sections if above and section.headings[: len(above)] == above}
            questions.append(("practice", question.question, below))
    return questions


def main() -> None:
    """Print how often the evidence is first, and among the first five sections."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--misses", action="store_true", help="print the questions whose evidence is not among the first five")
    parser.add_argument("--index", type=Path, help="folder of the index")
    parser.add_argument("--without-ways-in", action="store_true", help="leave the practice questions out of the search")
    options = parser.parse_args()
    if options.without_ways_in:
        search.WEIGHTS = {**search.WEIGHTS, "question": (0.0, 0.0)}
    assistant = open_assistant(Settings.read({"index": options.index} if options.index else {}))
    ranks: dict[str, list[int]] = {}
    for kind, text, evidence in asked(assistant.course):
        hits = assistant.searcher.search(Query(text), 60).hits
        order = list(dict.fromkeys(hit.passage.section for hit in hits))
        rank = next((at for at, section in enumerate(order, 1) if section in evidence), 99)
        ranks.setdefault(kind, []).append(rank)
        if options.misses and rank > 5:
            print(f"{rank:3} {kind} {text}\n     wanted {sorted(evidence)[:3]}, found {order[:4]}")
    for kind, found in [*ranks.items(), ("all", [rank for each in ranks.values() for rank in each])]:
        print(
            f"{kind:9} n={len(found):4}  first {sum(r == 1 for r in found) / len(found):.3f}  in five {sum(r <= 5 for r in found) / len(found):.3f}"
        )


if __name__ == "__main__":
    main()
