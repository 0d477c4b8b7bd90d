"""Compare trainee-style answers with model answers, and see whether the key points found and missed are those a person marked.

    python tests/bench/key_points.py [--choose] [--misses]

Questions alternate between a half that the threshold and the weight are chosen on (--choose prints the table) and a half that is reported.
A point that the answer holds and that is found counts as right for precision and recall of "found"; the same is told for "missed".
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np

from assistant import key_point_judge
from assistant.key_point_judge import KeyPointJudge
from assistant.key_points import Found
from corpus import load_course
from index import chosen_encoder

HERE = Path(__file__).parent
COURSE = HERE.parent.parent / "corpus"


@dataclass(frozen=True)
class Marked:
    """An answer as a trainee writes it, and which points of the model answer a person found in it."""

    unit: str
    question: str
    model: str
    kind: str
    answer: str
    points: tuple[bool, ...]


def halves(course_folder: Path = COURSE) -> tuple[list[Marked], list[Marked]]:
    """The half to choose on and the half to report, by question; answers whose question has left the course are left out."""
    models = {(unit.id, one.question): one.answer for unit in load_course(course_folder).units.values() for one in unit.check_questions}
    lines = [json.loads(line) for line in (HERE / "questions" / "trainee_answers.jsonl").read_text(encoding="utf-8").splitlines()]
    order = {key: number for number, key in enumerate(dict.fromkeys((line["unit"], line["question"]) for line in lines))}
    chosen: list[Marked] = []
    reported: list[Marked] = []
    for line in lines:
        key = (line["unit"], line["question"])
        if key not in models:
            print(f"left out, no longer in the course: {key}")
            continue
        marked = Marked(*key, models[key], line["kind"], line["answer"], tuple(line["points"]))
        (reported if order[key] % 2 else chosen).append(marked)
    return chosen, reported


class RememberingEncoder:
    """The shipped encoder, which encodes each text once however many thresholds are tried."""

    def __init__(self) -> None:
        """Nothing remembered yet."""
        self._encoder = chosen_encoder()
        self._known: dict[str, np.ndarray] = {}

    def encode(self, texts: list[str]) -> np.ndarray:
        """The vectors of the texts."""
        fresh = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known |= dict(zip(fresh, self._encoder.encode(fresh), strict=True))
        return np.array([self._known[text] for text in texts])


def judged(answers: list[Marked], judge: KeyPointJudge) -> list[tuple[Marked, str, bool, bool, object]]:
    """(answer, point, holds it, found) for every point."""
    rows = []
    for one in answers:
        comparison = judge.compare(one.question, one.model, one.answer)
        if len(comparison.points) != len(one.points):
            print(f"left out, its model answer has other points now: {one.question}")
            continue
        rows += [
            (one, point.point, held, isinstance(point, Found), point) for point, held in zip(comparison.points, one.points, strict=True)
        ]
    return rows


def scores(rows: list[tuple[Marked, str, bool, bool, object]]) -> str:
    """Precision and recall of found and of missed."""
    both = sum(held and found for _, _, held, found, _ in rows)
    held_all, found_all = sum(row[2] for row in rows), sum(row[3] for row in rows)
    neither = sum(not held and not found for _, _, held, found, _ in rows)
    missing, missed = len(rows) - held_all, len(rows) - found_all
    return (
        f"points {len(rows):3}  right {(both + neither) / len(rows):.3f}  found: precision {both / max(found_all, 1):.3f} recall {both / held_all:.3f}  "
        f"missed: precision {neither / max(missed, 1):.3f} recall {neither / missing:.3f}"
    )


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--choose", action="store_true", help="print the table from which threshold and weight were chosen")
    parser.add_argument("--misses", action="store_true", help="print the points of the first half that are judged otherwise than marked")
    options = parser.parse_args()
    judge = KeyPointJudge(RememberingEncoder(), load_course(COURSE).glossary)
    chosen, reported = halves()
    if options.choose:
        shipped = key_point_judge.WEIGHT_OF_WORDS, key_point_judge.ALIKE_FROM, key_point_judge.ALIKE_WITH_NUMBER
        for weight, threshold, numbered in product((0.0, 0.25, 0.5, 0.75, 1.0), (0.3, 0.35, 0.4, 0.45, 0.5, 0.55), (0.2, 0.3)):
            key_point_judge.WEIGHT_OF_WORDS, key_point_judge.ALIKE_FROM, key_point_judge.ALIKE_WITH_NUMBER = weight, threshold, numbered
            print(f"weight {weight:.2f} threshold {threshold:.2f} with number {numbered:.2f}  {scores(judged(chosen, judge))}")
        key_point_judge.WEIGHT_OF_WORDS, key_point_judge.ALIKE_FROM, key_point_judge.ALIKE_WITH_NUMBER = shipped
    rows = judged(chosen, judge)
    if options.misses:
        for one, _, held, found, point in rows:
            if held != found:
                print(f"{'held' if held else 'not held'}, {point}\n    {one.kind}: {one.answer}")
    print("chosen on ", scores(rows))
    print("reported  ", scores(judged(reported, judge)))


if __name__ == "__main__":
    main()
