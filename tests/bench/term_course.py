"""A course with topics taken out: their sections, every other line that names them, and their entries in the glossary.

    python tests/bench/term_course.py OUT --seed 1 [--topics 20] [--keep-names]

writes the course to OUT and its topics to OUT/removed.json. With `--keep-names` the glossary still knows what they are called.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
from pathlib import Path
from typing import Any

import yaml

COURSE = Path(__file__).parent.parent.parent / "corpus"
_HEADING = re.compile(r"(#+) +(.*?)(?: *\{(?:#([\w-]+))?[^}]*\})? *$")
_EVIDENCE = re.compile(r'evidence="([\w-]+)"')

Entry = dict[str, Any]


def names_of(entry: Entry) -> list[str]:
    """The English names of a glossary entry, the term first."""
    return [str(name) for name in (entry["term"], *entry.get("abbreviations", ()), *entry.get("synonyms", ()))]


def topics(course: Path, glossary: list[Entry], count: int, seed: int) -> list[Entry]:
    """`count` conditions that have a section headed by their name, no two in one section or named within another's name."""
    headings = {}
    for path in sorted((course / "modules").glob("*/*.md")):
        text = path.read_text(encoding="utf-8")
        unit = re.search(r'unit: "([\d.]+)"', text)
        for line in text.splitlines():
            match = _HEADING.match(line)
            if match and match[3] and unit:
                headings[f"{unit[1]}#{match[3]}"] = match[2].lower()
    fit = [
        entry
        for entry in glossary
        if entry["kind"] == "condition" and entry.get("chinese") and str(entry["term"]).lower() in headings.get(entry["section"], "")
    ]
    random.Random(seed).shuffle(fit)
    chosen: list[Entry] = []
    for entry in fit:
        own = {name.lower() for name in names_of(entry)}
        clash = any(
            other["section"] == entry["section"] or any(a in b or b in a for a in own for b in map(str.lower, names_of(other)))
            for other in chosen
        )
        if not clash:
            chosen.append(entry)
    return chosen[:count]


def named(entry: Entry) -> re.Pattern[str]:
    """What finds a topic in a line: its names, abbreviations in capitals alone."""
    words = [re.escape(name) for name in names_of(entry) if not name.isupper() or len(name) > 4]
    capitals = [re.escape(name) for name in names_of(entry) if name.isupper() and 2 < len(name) <= 4]
    parts = [rf"(?i:\b(?:{'|'.join(words)}))"] + ([rf"\b(?:{'|'.join(capitals)})\b"] if capitals else [])
    return re.compile("|".join(parts))


def without(text: str, patterns: list[re.Pattern[str]]) -> tuple[str, set[str]]:
    """A unit's text without the sections and lines that name a topic; and the anchors of the sections that went."""
    head, mark, body = text.partition("\n---\n")
    kept: list[str] = []
    gone: set[str] = set()
    below = 0
    for line in body.splitlines():
        match = _HEADING.match(line)
        if match:
            level = len(match[1])
            if below and level > below:
                gone.add(match[3] or "")
                continue
            below = 0
            if any(pattern.search(match[2]) for pattern in patterns):
                below = level
                gone.add(match[3] or "")
                continue
        if below or any(pattern.search(line) for pattern in patterns):
            continue
        kept.append(line)
    return head + mark + _without_evidence(kept, gone), gone


def _without_evidence(lines: list[str], gone: set[str]) -> str:
    """The lines without practice questions whose evidence has gone."""
    kept: list[str] = []
    skipping = False
    for line in lines:
        if _HEADING.match(line):
            evidence = _EVIDENCE.search(line)
            skipping = bool(evidence and evidence[1] in gone)
        if not skipping:
            kept.append(line)
    return "\n".join(kept) + "\n"


def reduce_course(out: Path, count: int, seed: int, *, keep_names: bool) -> list[Entry]:
    """Write the course without its topics; gives their glossary entries."""
    glossary = yaml.safe_load((COURSE / "glossary.yaml").read_text(encoding="utf-8"))
    chosen = topics(COURSE, glossary, count, seed)
    patterns = [named(entry) for entry in chosen]
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(COURSE / "modules", out / "modules")
    shutil.copy(COURSE / "syllabus.yaml", out / "syllabus.yaml")
    gone: set[str] = set()
    for path in sorted((out / "modules").glob("*/*.md")):
        text = path.read_text(encoding="utf-8")
        unit = re.search(r'unit: "([\d.]+)"', text)
        left, anchors = without(text, patterns)
        gone |= {f"{unit[1] if unit else ''}#{anchor}" for anchor in anchors}
        path.write_text(left, encoding="utf-8")
    kept = []
    for entry in glossary:
        absent = entry["section"] in gone or any(pattern.search(str(entry["term"])) for pattern in patterns)
        if not absent:
            kept.append(entry)
        elif keep_names:
            kept.append({**entry, "section": "", "definition": ""})
    (out / "glossary.yaml").write_text(yaml.safe_dump(kept, allow_unicode=True, sort_keys=False), encoding="utf-8")
    (out / "removed.json").write_text(json.dumps(chosen, ensure_ascii=False, indent=1), encoding="utf-8")
    return chosen


def main() -> None:
    """Write the course."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--topics", type=int, default=20)
    parser.add_argument("--keep-names", action="store_true")
    given = parser.parse_args()
    for entry in reduce_course(given.out, given.topics, given.seed, keep_names=given.keep_names):
        print(entry["term"])


if __name__ == "__main__":
    main()
