"""What rounding the encoder to 8 bits costs: agreement with 32 bits, size, speed, and retrieval by meaning alone.

    python tests/bench/encoder_quality.py COURSE --queries QUERIES.jsonl --out tests/bench/encoder_quality.md

COURSE is a folder of Markdown and QUERIES.jsonl the questions of the external test set that belongs to it (id, type, text,
answerable, gold: file, section, grade). About 15 minutes on two cores. `--agreement` leaves retrieval out (1 minute): use it with
avx2_only.c. nDCG@10 is by section: a ranking of passages is read down to the first appearance of each section. Questions of
our own making (ASKED, over each file's title, and its first alias) are too many for chance: the figure behind ± is one
standard error of the difference.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from corpus import load_course, passages_of
from index.encoder import onnx_session, onnx_tokenizer
from index.encoder_export import SAMPLES, exported_model, packaged_model
from index.fields import fields_of

RECIPES = ("float32", "rows", "blocks", "tensor")
ASKED = {
    "Inheritance": ("Is {} inherited?", "how is {} passed on in families"),
    "Frequency": ("How many people are affected by {}?", "prevalence of {}"),
    "Genetic changes": ("What are the genetic changes related to {}?", "which gene causes {}"),
    "Treatment": ("What are the treatments for {}?", "management of {}"),
}
DEPTH = 200
TEXTS_TO_AGREE_ON = 200


def ndcg(ranked: list[tuple[str, str]], gold: list[dict[str, Any]]) -> float:
    """nDCG@10 of sections (file, heading), best first, the same section again left out."""
    grades: dict[tuple[str, str], int] = {}
    for item in gold:
        key = (item["file"], item["section"])
        grades[key] = max(grades.get(key, 0), item["grade"])
    got = [grades.get(section, 0) for section in list(dict.fromkeys(ranked))[:10]]
    best = sorted(grades.values(), reverse=True)[:10]
    return _gain(got) / _gain(best)


def _gain(grades: list[int]) -> float:
    return float(sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades)))


def own_questions(course: Any) -> list[dict[str, Any]]:
    """A question for each section of `ASKED` that a file has: by its title, by its title in other words, by an alias."""
    questions = []
    for unit in course.units.values():
        for section in {section.headings[-1] for section in unit.sections} & ASKED.keys():
            gold = [{"file": unit.file, "section": section, "grade": 1}]
            first, second = ASKED[section]
            questions += [
                {"type": "own: title", "text": first.format(unit.title), "gold": gold},
                {"type": "own: wording", "text": second.format(unit.title), "gold": gold},
                *({"type": "own: alias", "text": first.format(alias), "gold": gold} for alias in unit.aliases[:1]),
            ]
    return questions


class Measured:
    """One recipe's model, run as serving runs it: a text at a time."""

    def __init__(self, recipe: Any) -> None:
        """Export the packaged model by `recipe`."""
        folder = packaged_model()
        tokenizer = (folder / "tokenizer.json").read_bytes()
        model = exported_model(folder / "model.safetensors", tokenizer, 12, 256, recipe)
        self.recipe = recipe
        self.megabytes = len(model) / 1e6
        self._session = onnx_session(model)
        self._tokenizer = onnx_tokenizer(tokenizer, 256)

    def encode(self, texts: list[str]) -> Any:
        """Unit rows, a row a text."""
        return np.array([self._run(self._tokenizer.encode(text).ids) for text in texts])

    def milliseconds(self, tokens: int) -> float:
        """The best of 40 runs on one thread over a text of so many tokens."""
        ids = np.random.default_rng(0).integers(1000, 30_000, tokens).tolist()
        return min(self._timed(ids) for _ in range(40)) * 1000

    def _timed(self, ids: list[int]) -> float:
        start = time.perf_counter()
        self._run(ids)
        return time.perf_counter() - start

    def _run(self, ids: list[int]) -> Any:
        return self._session.run(None, {"input_ids": np.array([ids], np.int64)})[0][0]


def figures(model: Measured, passages: list[str], sections: list[tuple[str, str]], questions: list[dict[str, Any]]) -> dict[str, Any]:
    """nDCG@10 of each question, by type."""
    matrix = model.encode(passages)
    by_type = defaultdict(list)
    for question in questions:
        scores = matrix @ model.encode([question["text"]])[0]
        top = np.argsort(-scores, kind="stable")[:DEPTH]
        by_type[question["type"]].append(ndcg([sections[row] for row in top], question["gold"]))
    return {name: np.array(values) for name, values in by_type.items()}


def main() -> None:
    """Measure, print, and write the table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("course", type=Path)
    arguments.add_argument("--queries", type=Path)
    arguments.add_argument("--out", type=Path)
    arguments.add_argument("--recipes", nargs="+", default=RECIPES, choices=RECIPES)
    arguments.add_argument("--agreement", action="store_true")
    given = arguments.parse_args()
    os.environ["HF_HUB_OFFLINE"] = "1"
    course = load_course(given.course)
    passages = passages_of(course)
    texts = list(fields_of(passages).words["body"])
    sections = [(passage.file, passage.headings[-1]) for passage in passages]
    asked = [json.loads(line) for line in given.queries.read_text("utf-8").splitlines()] if given.queries else []
    questions = [question for question in asked if question["answerable"]] + own_questions(course)
    sample = [*SAMPLES, *texts[:: max(1, len(texts) // TEXTS_TO_AGREE_ON)]]
    exact = Measured("float32")
    expected = exact.encode(sample)
    lines = ["| recipe | MB | cosine with 32 bits: mean, least | ms: 15, 32, 135 tokens |", "|---|---|---|---|"]
    models = [Measured(recipe) for recipe in given.recipes]
    for model in models:
        cosines = (model.encode(sample) * expected).sum(axis=1)
        speed = ", ".join(f"{model.milliseconds(tokens):.1f}" for tokens in (15, 32, 135))
        lines.append(f"| {model.recipe} | {model.megabytes:.1f} | {cosines.mean():.5f}, {cosines.min():.5f} | {speed} |")
        print(lines[-1], flush=True)
    if not given.agreement:
        base = figures(exact, texts, sections, questions)
        names = " | ".join(f"{name} ({len(values)})" for name, values in base.items())
        lines += ["", f"| nDCG@10 (questions) | {names} |", "|---" * (len(base) + 1) + "|"]
        lines.append(f"| float32 | {' | '.join(f'{values.mean():.4f}' for values in base.values())} |")
        for model in models:
            if model.recipe != "float32":
                found = figures(model, texts, sections, questions)
                lines.append(f"| {model.recipe} | {' | '.join(_difference(found[name], base[name]) for name in base)} |")
                print("\n".join(lines[-1:]), flush=True)
    print("\n".join(lines))
    if given.out:
        head = f"Over {len(passages)} passages of {len(course.units)} files; `python tests/bench/encoder_quality.py` says how.\n\n"
        given.out.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


def _difference(found: Any, base: Any) -> str:
    change = found - base
    return f"{found.mean():.4f} ({change.mean():+.4f} ± {change.std() / math.sqrt(len(change)):.4f})"


if __name__ == "__main__":
    main()
