"""How often the sentence that answers is in an answer, and how often it opens it.

    python tests/bench/first_sentence.py [--index DIR] [--questions 900]

The expected questions of the course, each known to be answered by one sentence, are asked with their own entry withheld from the search. Seeds are fixed.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from pathlib import Path

from train_order import withheld

from assistant.opening import open_assistant
from index.fields import known_questions
from web.settings import Settings


def main() -> None:
    """Ask, count, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, help="folder of the index")
    parser.add_argument("--questions", type=int, default=900)
    options = parser.parse_args()
    assistant = open_assistant(Settings.read({"index": options.index} if options.index else {}))
    known = [one for one in known_questions(assistant.course) if one.sentence]
    chosen = random.Random(5).sample(known, min(options.questions, len(known)))
    counts: Counter[str] = Counter()
    for one in chosen:
        with withheld(assistant, one.question):
            reply = assistant.ask(one.question)
        cited = [citation.sentence for said in getattr(reply, "sentences", ()) for citation in said.citations]
        counts["in the answer"] += one.sentence in cited
        counts["first"] += cited[:1] == [one.sentence]
        counts["first or second"] += one.sentence in cited[:2]
    print(
        f"{len(chosen)} questions:",
        ", ".join(f"{what} {counts[what] / len(chosen):.3f}" for what in ("first", "first or second", "in the answer")),
    )


if __name__ == "__main__":
    main()
