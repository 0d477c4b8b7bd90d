"""Learn what the signs of a sentence count for in an answer, and print the numbers for `LEARNT` of `assistant/sentence_order.py`.

    python tests/bench/train_order.py [--index DIR] [--expected N]

Three kinds of question teach: expected questions (one sentence is right), practice questions (those that hold much of the model
answer are) and those of `questions/tune.jsonl` (those that hold a key fact). Each known question is asked with its own entry
withheld from the search. What cross-validation says (five folds; units for known questions) is printed: the share of key facts in
answers by weights that never saw the question, and of expected sentences. Seeds are fixed; nothing here is a reported set.
"""

from __future__ import annotations

import argparse
import json
import random
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from answers import holds

from assistant import sentence_order
from assistant.compose import spoken
from assistant.opening import open_assistant
from assistant.sentence_order import CHOSEN, signs_of
from index.fields import known_questions, with_headers
from index.search import Found, Query
from index.tokens import token_set
from web.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.assistant import Assistant
    from corpus import Passage, Sentence

HERE = Path(__file__).parent
FOLDS = 5
LEARNT_SHARE = 0.3
"""What of the learnt weights is added: at 0.2 to 0.4 cross-validation found the same number of facts, at 0.6 and alone fewer."""

WEIGHT = {"expected": 1.0, "practice": 6.0, "tune": 12.0}
HOLDS_MUCH = 0.3
NEARLY_THE_BEST = 0.6
EPOCHS, BATCH, RATE, DECAY = 6, 32, 3e-3, 1e-3


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it teaches: its kind, fold, the signs of its sentences, and which of them are right (True)."""

    kind: str
    fold: int
    signs: np.ndarray
    right: np.ndarray


@contextmanager
def withheld(assistant: Assistant, question: str) -> Iterator[None]:
    """The known question out of the search, as if nobody had written it down."""
    known = assistant.searcher._known
    rows = [row for row, one in enumerate(known._known) if one.question == question]
    placed = known._placed[rows].copy()
    known._placed[rows] = False
    try:
        yield
    finally:
        known._placed[rows] = placed


def signs(assistant: Assistant, question: str, history: tuple[str, ...] = ()) -> tuple[list[tuple[Passage, Sentence, int]], np.ndarray]:
    """The sentences found for a question, and their signs."""
    reading = assistant._reader.read(question, history)
    found: Found = assistant.searcher.search(Query(reading.text), 50)
    return signs_of(found, assistant.searcher, assistant._composer._places, reading.text)


def share_of(answer: str, question: str, sentence: Sentence, assistant: Assistant) -> float:
    """The share, by rarity, of a model answer's words beyond the question's that a sentence holds."""
    body = assistant.searcher.index.lexical["body"]
    words = {word: body.idf(word) for word in set(token_set(answer)) - set(token_set(question))}
    held = set(token_set(with_headers(sentence)))
    return sum(rarity for word, rarity in words.items() if word in held) / max(sum(words.values()), 1e-6)


def lessons(assistant: Assistant, tune: list[dict[str, Any]], expected: int) -> Iterator[Asked]:
    """Every question that teaches."""
    chance = random.Random(11)
    units = sorted(assistant.course.units)
    chance.shuffle(units)
    fold = {unit: number % FOLDS for number, unit in enumerate(units)}
    known = [one for one in known_questions(assistant.course) if one.sentence]
    for one in chance.sample(known, min(expected, len(known))):
        with withheld(assistant, one.question):
            sentences, found = signs(assistant, one.question)
        yield Asked("expected", fold[one.section.partition("#")[0]], found, np.array([s.id == one.sentence for _, s, _ in sentences], bool))
    for unit in assistant.course.units.values():
        for check in unit.check_questions:
            with withheld(assistant, check.question):
                sentences, found = signs(assistant, check.question)
            shares = np.array([share_of(check.answer, check.question, s, assistant) for _, s, _ in sentences])
            right = (shares >= HOLDS_MUCH) & (shares >= NEARLY_THE_BEST * shares.max(initial=0.0))
            yield Asked("practice", fold[unit.id], found, right)
    for number, asked in enumerate(tune):
        sentences, found = signs(assistant, asked["question"], tuple(asked["history"]))
        right = np.array([any(holds(fact, spoken(s)) for fact in asked["facts"]) for _, s, _ in sentences], bool)
        yield Asked("tune", number % FOLDS, found, right)


def learnt(asked: list[Asked]) -> dict[str, float]:
    """Weights that raise the right sentences above the others of their question (softmax, Adam), as a share to add."""
    asked = [one for one in asked if one.right.any()]
    every = np.vstack([one.signs for one in asked])
    middle, spread = every.mean(0), every.std(0) + 1e-3
    chance = np.random.default_rng(0)
    weights, first, second = (np.zeros(len(CHOSEN)) for _ in range(3))
    steps = 0
    for _ in range(EPOCHS):
        order = chance.permutation(len(asked))
        for start in range(0, len(order), BATCH):
            batch = [asked[at] for at in order[start : start + BATCH]]
            slope = sum(_slope(one, (one.signs - middle) / spread, weights) for one in batch) / len(batch) + DECAY * weights
            steps += 1
            first, second = 0.9 * first + 0.1 * slope, 0.99 * second + 0.01 * slope**2
            rate = RATE * (1 - 0.9 * steps / (EPOCHS * len(asked) / BATCH))
            weights -= rate * (first / (1 - 0.9**steps)) / (np.sqrt(second / (1 - 0.99**steps)) + 1e-8)
    return {sign: round(float(LEARNT_SHARE * weight), 3) for sign, weight in zip(CHOSEN, weights / spread, strict=True)}


def _slope(one: Asked, scaled: np.ndarray, weights: np.ndarray) -> np.ndarray:
    scores = scaled @ weights
    likely = np.exp(scores - scores.max())
    likely /= likely.sum()
    wanted = likely * one.right / (likely @ one.right)
    if one.kind != "expected":  # several sentences are right: all are to be found, not the easiest alone
        wanted = (wanted + one.right / one.right.sum()) / 2
    return np.asarray(WEIGHT[one.kind] * (likely - wanted) @ scaled)


def use(weights: dict[str, float]) -> None:
    """Let answers be composed by these weights."""
    sentence_order.LEARNT = weights
    sentence_order._weights.cache_clear()


def main() -> None:
    """Learn, cross-validate, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, help="folder of the index")
    parser.add_argument("--expected", type=int, default=3500, help="how many of the expected questions teach")
    options = parser.parse_args()
    assistant = open_assistant(Settings.read({"index": options.index} if options.index else {}))
    lines = (HERE / "questions" / "tune.jsonl").read_text(encoding="utf-8").splitlines()
    tune = [one for one in map(json.loads, lines) if one["facts"]]
    asked = list(lessons(assistant, tune, options.expected))
    right: list[bool] = []
    before: list[float] = []
    after: list[float] = []
    for fold in range(FOLDS):
        weights = learnt([one for one in asked if one.fold != fold])
        use(weights)
        for number, question in enumerate(tune):
            if number % FOLDS == fold:
                reply = assistant.ask(question["question"], question["history"])
                text = " ".join(sentence.text for sentence in getattr(reply, "sentences", ()))
                right.append(all(holds(fact, text) for fact in question["facts"]))
        chosen = np.array(list(CHOSEN.values()))
        both = chosen + np.array(list(weights.values()))
        held = [one for one in asked if one.fold == fold and one.kind == "expected" and one.right.any()]
        before += [_first(one, chosen) for one in held]
        after += [_first(one, both) for one in held]
    print(f"cross-validated: all key facts in {np.mean(right):.3f} of {len(right)} tuning questions;", end=" ")
    print(f"reciprocal rank of the expected sentence {np.mean(before):.3f} before, {np.mean(after):.3f} after")
    print(json.dumps(learnt(asked), indent=4))


def _first(one: Asked, weights: np.ndarray) -> float:
    scores = one.signs @ weights
    return float(1 / (1 + (scores > scores[one.right].max()).sum()))


if __name__ == "__main__":
    main()
