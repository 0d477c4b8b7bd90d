"""Train the coverage judge and write `assistant/judge.json`.

    python tests/bench/train_judge.py CONDITIONS [--work DIR]

CONDITIONS is a folder of Markdown files, one a condition, with `title` and `aliases` in the front matter. A quarter of the
files is taken out (seeded), and questions about both kinds are made from the examples of `index/aspects.yaml`, some misspelt: what
remains should be answered, what was taken out refused. To these come the questions of `questions/tune.jsonl` over the
course itself, questions about conditions that it never names, and its everyday questions over the conditions. Figures printed are cross-validated; nothing here is a reported set.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold

from assistant.coverage_judge import FORMAT, JUDGE_FILE, signal_names
from assistant.opening import open_assistant
from corpus import load_course, passages_of
from corpus.source import read_source
from index.tokens import tokens
from web.settings import Settings

HERE = Path(__file__).parent
COURSE = HERE.parent.parent / "corpus"
ASPECTS = ("definition", "features", "frequency", "cause", "inheritance", "recurrence", "treatment", "diagnosis")
GENE = re.compile(r"\b([A-Z][A-Z0-9]{1,7}) gene\b")
GENE_EXAMPLES = (
    "a variant in {x} was found, what disease does it cause",
    "which disorder results from mutations in {x}",
    "what condition is associated with {x} mutations",
    "{x} gene disease",
    "the lab reports a pathogenic {x} variant; what is the diagnosis",
    "what diseases is {x} linked to",
    "a child is homozygous for a {x} deletion. What is it called?",
    "{x} panel positive - which syndrome?",
)
TAKEN_OUT = 0.25
MISSPELT = 0.25
Question = dict[str, Any]
Set = tuple[np.ndarray, np.ndarray]


def condition_questions(folder: Path, without: set[str], seed: int = 11) -> list[Question]:
    """One question about each condition that stays, three about each that was taken out."""
    chance = random.Random(seed)
    aspects = yaml.safe_load((HERE.parent.parent / "index" / "aspects.yaml").read_text(encoding="utf-8"))
    examples = [e for a in aspects if a["aspect"] in ASPECTS for e in a["examples"] if "{y}" not in e]
    questions: list[Question] = []
    for path in sorted(folder.glob("*.md")):
        source = read_source(path, path.name)
        names = [source.string("title"), *source.strings("aliases")]
        for _ in range(3 if path.name in without else 1):
            name = names[0] if chance.random() < 0.6 else chance.choice(names)
            text = chance.choice(examples).replace("{x}", name)
            questions.append(
                {"question": misspelt(text, chance) if chance.random() < MISSPELT else text, "covered": path.name not in without}
            )
    return questions + gene_questions(folder, without, chance)


def gene_questions(folder: Path, without: set[str], chance: random.Random) -> list[Question]:
    """What a gene causes: genes that a condition's file says it is caused by, covered if any file that stays names them."""
    bodies = {path.name: read_source(path, path.name).body for path in sorted(folder.glob("*.md"))}
    staying = set(GENE.findall(" ".join(body for name, body in bodies.items() if name not in without)))
    genes = sorted({gene for body in bodies.values() for gene in GENE.findall(body)})
    absent = [gene for gene in genes if gene not in staying]
    present = chance.sample([gene for gene in genes if gene in staying], min(len(absent) * 2, len(genes) // 2))
    return [{"question": chance.choice(GENE_EXAMPLES).format(x=gene), "covered": gene in staying} for gene in [*absent, *present]]


def misspelt(text: str, chance: random.Random) -> str:
    """The text with a slip in one or two of its longer words."""
    words = text.split()
    long = [at for at, word in enumerate(words) if len(word) >= 5 and word.isalpha()]
    for at in chance.sample(long, min(len(long), chance.choice([1, 2]))):
        word = words[at]
        cut = chance.randrange(1, len(word) - 1)
        words[at] = chance.choice(
            [
                word[:cut] + word[cut + 1 :],
                word[:cut] + word[cut] + word[cut:],
                word[:cut] + chance.choice("abcdefghiklmnoprstu") + word[cut + 1 :],
                word[: cut - 1] + word[cut] + word[cut - 1] + word[cut + 1 :],
            ]
        )
    return " ".join(words)


def own_questions() -> list[Question]:
    """The tuning questions over the course itself; what asks for a boundary says nothing of coverage and is left out."""
    lines = (HERE / "questions" / "tune.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line) for line in lines]
    return [{**one, "covered": not one["kind"].startswith("refuse")} for one in questions if one["kind"] != "boundary"]


def basic_questions() -> list[Question]:
    """Short questions as they are asked between two patients, of the course's subjects and, in the same words, of others."""
    return [json.loads(line) for line in (HERE / "questions" / "basics.jsonl").read_text(encoding="utf-8").splitlines()]


def absent_questions(folder: Path, seed: int = 13) -> list[Question]:
    """What is asked of conditions that the course itself never names: half of those whose name holds a word that stands nowhere in it."""
    chance = random.Random(seed)
    course = load_course(COURSE)
    known = {token for passage in passages_of(course) for token in tokens(" ".join([passage.text, *passage.headings]))}
    known |= {token for entry in course.glossary for name in entry.names for token in tokens(name)}
    aspects = yaml.safe_load((HERE.parent.parent / "index" / "aspects.yaml").read_text(encoding="utf-8"))
    examples = [e for a in aspects if a["aspect"] in ASPECTS for e in a["examples"] if "{y}" not in e]
    names = [read_source(path, path.name).string("title") for path in sorted(folder.glob("*.md"))]
    absent = [name for name in names if not set(tokens(name)) <= known]
    return [{"question": chance.choice(examples).replace("{x}", name), "covered": False} for name in absent[::2]]


def measured(questions: list[Question], course: Path | None, index: Path) -> Set:
    """The signals of the questions that can be read, and whether each should be answered."""
    assistant = open_assistant(Settings.read({"course": course, "index": index}))
    rows = [(assistant.signals(one["question"], one.get("history", ())), one["covered"]) for one in questions]
    kept = [(signals.values(), covered) for signals, covered in rows if signals is not None]
    return np.array([values for values, _ in kept]), np.array([covered for _, covered in kept], int)


def balanced(labels: np.ndarray, whole: float) -> np.ndarray:
    """Weights that sum to `whole` and give both labels half."""
    weights = np.ones(len(labels))
    for label in set(labels.tolist()):
        weights[labels == label] = whole / len(set(labels.tolist())) / (labels == label).sum()
    return weights


def model() -> GradientBoostingClassifier:
    """Small trees, few of them: they are shipped as plain numbers and read by people."""
    return GradientBoostingClassifier(n_estimators=120, max_depth=3, learning_rate=0.06, subsample=0.7, random_state=0, min_samples_leaf=10)


def main() -> None:
    """Measure, train, print what cross-validation says, write the judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("conditions", type=Path)
    parser.add_argument(
        "--work", type=Path, default=Path(tempfile.gettempdir()) / "train-judge", help="where indexes are kept between runs"
    )
    options = parser.parse_args()
    names = sorted(path.name for path in options.conditions.glob("*.md"))
    without = set(random.Random(7).sample(names, int(TAKEN_OUT * len(names))))
    course = options.work / "course"
    shutil.rmtree(course, ignore_errors=True)
    course.mkdir(parents=True)
    for name in set(names) - without:
        shutil.copy(options.conditions / name, course / name)
    own = own_questions()
    everyday = [one for one in own if one["kind"] in ("refuse-everyday", "refuse-injection")]
    sets = [
        measured(condition_questions(options.conditions, without), course, options.work / "index-conditions"),
        measured(own, None, options.work / "index-own"),
        measured(absent_questions(options.conditions), None, options.work / "index-own"),
        measured(basic_questions(), None, options.work / "index-own"),
        measured(everyday, course, options.work / "index-conditions"),
    ]
    signals = np.concatenate([one[0] for one in sets])
    labels = np.concatenate([one[1] for one in sets])
    weights = np.concatenate([balanced(one[1], whole) for one, whole in zip(sets, (600, 900, 150, 250, 60), strict=True)])
    raw = np.zeros(len(labels))
    for train, test in StratifiedKFold(5, shuffle=True, random_state=0).split(signals, labels):
        fold = model().fit(signals[train], labels[train], sample_weight=weights[train])
        raw[test] = fold.decision_function(signals[test])
    whole = model().fit(signals, labels, sample_weight=weights)
    platt = LogisticRegression(C=1e6).fit(raw[:, None], labels, sample_weight=weights)
    chances = platt.predict_proba(raw[:, None])[:, 1]
    at = np.cumsum([0, *[len(one[1]) for one in sets]])
    for name, start, end in (("conditions", at[0], at[1]), ("course", at[1], at[3]), ("basics", at[3], at[4])):
        part, truth = chances[start:end], labels[start:end]
        print(f"{name}: AUROC {roc_auc_score(truth, part):.4f}")
        for kept in (0.99, 0.98, 0.97, 0.95):
            cut = np.quantile(part[truth == 1], 1 - kept)
            print(
                f"  at {kept:.0%} of covered questions kept (from {cut:.3f}): {(part[truth == 0] < cut).mean():.3f} of the others refused"
            )
    bins = [(low / 10, (chances >= low / 10) & (chances < (low + 1) / 10 + (low == 9))) for low in range(10)]
    curve = [
        [low, round(float(np.average(labels[inside], weights=weights[inside])), 3), int(inside.sum())]
        for low, inside in bins
        if inside.any()
    ]
    trees = [
        {
            "signal": tree.feature.tolist(),
            "at_most": [round(float(value), 6) for value in tree.threshold],
            "yes": tree.children_left.tolist(),
            "no": tree.children_right.tolist(),
            "value": [round(float(value[0, 0]) * whole.learning_rate, 6) for value in tree.value],
        }
        for tree in (estimator[0].tree_ for estimator in whole.estimators_)
    ]
    start = float(whole.decision_function(signals[:1])[0]) - sum(leaf(tree, signals[0]) for tree in trees)
    judge = {
        "format": FORMAT,
        "signals": signal_names(),
        "start": round(start, 6),
        "slope": round(float(platt.coef_[0, 0]), 6),
        "offset": round(float(platt.intercept_[0]), 6),
        "calibration": curve,
        "trees": trees,
    }
    JUDGE_FILE.write_text(json.dumps(judge, separators=(",", ":")) + "\n", encoding="utf-8")
    print("calibration (from, share covered, questions):", curve)


def leaf(tree: dict[str, list[Any]], values: np.ndarray) -> float:
    """The value of the leaf that the signals lead to."""
    node = 0
    while tree["yes"][node] != tree["no"][node]:
        node = tree["yes"][node] if np.float32(values[tree["signal"][node]]) <= tree["at_most"][node] else tree["no"][node]
    return float(tree["value"][node])


if __name__ == "__main__":
    main()
