"""Measure how tutors' answers are found: questions that an answer answers, and near misses of it.

    python tests/bench/tutor_answers.py [--index DIR]

`questions/tutor_answers.jsonl` holds a tutor's question (`answer`), a question asked, and whether they ask the same. The lines of every
second answer choose the threshold: the lowest at which no more than one near miss in that half is given. The other half is what is reported.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from assistant.opening import open_assistant
from assistant.taught import ALIKE_FROM, TaughtAnswers
from assistant.tutor_answers import TutorAnswers
from index.encoder import chosen_encoder
from web.settings import Settings

PAIRS = Path(__file__).parent / "questions" / "tutor_answers.jsonl"
MOST_WRONG = 1


def given(scored: list[tuple[float, bool]], threshold: float) -> tuple[int, int]:
    """How many are rightly and how many are wrongly given at a threshold."""
    return sum(score >= threshold and match for score, match in scored), sum(score >= threshold and not match for score, match in scored)


def main() -> None:
    """Print both halves at the shipped threshold, and the threshold that the first half would choose."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, help="folder of the index")
    options = parser.parse_args()
    settings = Settings.read({"index": options.index} if options.index else {})
    assistant = open_assistant(settings)
    with tempfile.TemporaryDirectory() as folder:
        store = TutorAnswers(Path(folder) / "answers.sqlite")
        finder = TaughtAnswers(store, chosen_encoder(settings.model), assistant.searcher.names, {})
    pairs = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    answers = list(dict.fromkeys(pair["answer"] for pair in pairs))
    halves: tuple[list[tuple[float, bool]], list[tuple[float, bool]]] = ([], [])
    for pair in pairs:
        understood = [assistant.ask(pair[name]).question.understood for name in ("asked", "answer")]
        halves[answers.index(pair["answer"]) % 2].append((finder.alike(*understood), pair["match"]))
    chosen = next(step / 100 for step in range(50, 101) if given(halves[0], step / 100)[1] <= MOST_WRONG)
    print(f"threshold chosen on the first half: {chosen:.2f}; shipped: {ALIKE_FROM}")
    for name, half in zip(("first half (chosen on)", "second half (reported)"), halves, strict=True):
        right, wrong = given(half, ALIKE_FROM)
        matching = sum(match for _, match in half)
        print(f"{name}: {right} of {matching} matching found, {wrong} of {len(half) - matching} near misses given")


if __name__ == "__main__":
    main()
