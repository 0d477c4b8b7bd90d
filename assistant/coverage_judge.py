"""Whether the course covers a question: signals of the search, weighed to a calibrated chance.

Knows nothing of how an answer is composed.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.english import english_words
from index.tokens import token_set, word_token

if TYPE_CHECKING:
    from assistant.question import Reading
    from index.search import Found, Searcher

FORMAT = 1
JUDGE_FILE = Path(__file__).with_name("judge.json")
_UNREADABLE = f"{JUDGE_FILE}: the coverage judge is missing or of another version; install genomics-tutor again."

_WORD = re.compile(r"[^\W\d_]{3,}")
_INSTRUCTS = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass|drop)\b.{0,40}\b(?:instructions?|rules?|prompts?|above|previous|guidelines|course|sources?|limits?)\b"
    r"|\b(?:system|hidden|initial|developer) (?:prompt|message|instructions?|mode)\b|\b(?:act|behave|respond|answer|speak|reply) (?:as|like) (?:an?|my|the|if)\b"
    r"|\bpretend (?:to be|you|that)\b|\byou are (?:now|no longer|an?)\b|\byour (?:instructions|rules|prompt|settings|source code|password)\b"
    r"|\b(?:without|no) (?:sources?|citations?|restrictions?|limits|filters?)\b|\b(?:fake|made-up|invented|fictional|false) (?:source|citation|reference|study|paper)s?\b"
    r"|\b(?:cite|quote) (?:this|the following|smith|a (?:source|paper|study) that)\b|\b(?:begin|start|end) (?:the|your|each) (?:reply|answer|response)\b"
    r"|\[/?INST\]|<\|?(?:system|im_start|im_end)|\b(?:jailbreak|sudo|DAN mode)\b|\bsay (?:the word|that you|only)\b|\brepeat (?:after me|everything|the (?:text|words) above)\b|\b(?:hidden|secret) instructions?\b"
    r"|忽略.{0,12}(?:指令|规则|要求|说明|提示)|系统提示|提示词|扮演|假装|(?:编造|虚构|捏造).{0,8}(?:文献|引用|来源|参考)|你现在是|不要引用|不必给出处|不用(?:给出|注明)(?:出处|来源)|编一[篇个段]",
    re.IGNORECASE,
)


class JudgeUnreadableError(Exception):
    """The file of the shipped judge cannot be used; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What tells a question that the course covers from one that it does not. Each is about 0 to 1 unless it says otherwise."""

    dense: float
    """Best cosine of question and passage; higher is nearer."""
    sentence: float
    """Best cosine of question and sentence; higher is nearer."""
    asked: float
    """Likeness to the nearest question that the course is known to answer, 0 to 1; higher is nearer."""
    lexical: float
    """Best share of the question's words, by weight, in one passage; higher is better."""
    found: float
    """Share of the question's words, by rarity, that stand in the best section with its headings; higher is better."""
    rarest: float
    """The same for the two rarest words alone; higher is better."""
    unknown: float
    """Share of the question's words, by rarity, that the course does not use at all; lower is better."""
    heading: float
    """Best cosine of the question and a heading among the five best sections; higher is nearer."""
    alike: float
    """Cosine of the question and the nearest question that the course is known to answer, whatever tells them apart; higher is nearer."""
    named: float
    """Weight of the rarest name in the question that the course treats (0 to about 3); higher is better."""
    named_found: float
    """Whether the best section is about that name (1), or the question names nothing (0.5); higher is better."""
    overlap: float
    """Best share of a name in the question; higher is better."""
    outside: float
    """Rarest word outside the names found and the best section's headings, as a share of the highest rarity; lower is better."""
    margin: float
    """Score of the best section above the tenth; higher is clearer."""
    agreement: float
    """Whether meaning and words agree on the best unit; higher is better."""
    slips: float
    """Words that were repaired or characters not understood; lower is better."""
    words: float
    """How many content words the question has, as a share of ten."""
    instructs: float
    """Whether the question tells the assistant what to do or to be (1), instead of asking; lower is better."""

    def values(self) -> list[float]:
        """The signals in their order."""
        return list(asdict(self).values())


def signals(found: Found, searcher: Searcher, reading: Reading) -> Signals:
    """The signals for a question, from what was found for it."""
    body = searcher.index.lexical["body"]
    if not found.hits:
        return Signals(*[0.0] * len(fields(Signals)))
    highest = body.idf("\0")
    weights = {word: body.idf(word) for word in found.words}
    whole = max(sum(weights.values()), 1e-6)
    best = found.hits[0]
    section = [hit for hit in found.hits if hit.passage.section == best.passage.section]
    held = set(token_set(" ".join(best.passage.headings))).union(*(token_set(hit.passage.text) for hit in section))
    held |= searcher.name_tokens(best.passage)
    rare = sorted(weights, key=lambda word: -weights[word])[:2]
    known = [word for word in found.words if len(body.texts_with(word)) or word in searcher.name_vocabulary]
    heaviest = max(found.mentions, key=lambda mention: mention.weight, default=None)
    own_topic = set(token_set(" ".join(best.passage.headings)))
    outside = [word for word in _outside(found, reading.text) if word not in own_topic]
    dense_best = max(found.hits, key=lambda hit: hit.signals["dense"]).passage.unit
    lexical_best = max(found.hits, key=lambda hit: hit.signals["lexical"]).passage.unit
    return Signals(
        dense=max(hit.signals["dense"] for hit in found.hits),
        sentence=max(
            (float(np.max(hit.cosines)) for hit in found.hits[:3] if len(hit.cosines)),
            default=0.0,
        ),
        asked=max(0.0, *(hit.signals["question"] for hit in found.hits)),
        lexical=max(hit.signals["lexical"] for hit in found.hits),
        found=sum(weight for word, weight in weights.items() if word in held) / whole,
        rarest=sum(weights[word] for word in rare if word in held) / max(sum(weights[word] for word in rare), 1e-6),
        unknown=sum(weight for word, weight in weights.items() if word not in known) / whole,
        heading=max(hit.signals["heading_dense"] for hit in found.hits[:5]),
        alike=found.alike,
        named=searcher.names.full_weight(heaviest) if heaviest else 0.0,
        named_found=0.5 if heaviest is None else float(best.signals["named"] >= searcher.names.full_weight(heaviest) - 1e-6),
        overlap=max(hit.signals["name_overlap"] for hit in found.hits),
        outside=max((body.idf(word) for word in outside), default=0.0) / highest,
        margin=best.score - found.hits[min(9, len(found.hits) - 1)].score,
        agreement=(float(dense_best == best.passage.unit) + float(lexical_best == best.passage.unit)) / 2,
        slips=min(reading.slips, 4) / 4 + reading.unread,
        words=min(len(found.words), 20) / 10,
        instructs=float(bool(_INSTRUCTS.search(reading.question.asked))),
    )


def _outside(found: Found, text: str) -> list[str]:
    """The tokens of the question's words that stand in no name found and are no everyday English."""
    spans = [(mention.start, mention.end) for mention in found.mentions]
    return [
        word_token(match[0].lower())
        for match in _WORD.finditer(text)
        if not any(start <= match.start() < end for start, end in spans) and match[0].lower() not in english_words()
    ]


@dataclass(frozen=True, slots=True)
class _Tree:
    signal: tuple[int, ...]
    at_most: tuple[float, ...]
    yes: tuple[int, ...]
    no: tuple[int, ...]
    value: tuple[float, ...]

    def of(self, values: list[float]) -> float:
        node = 0
        while self.yes[node] != self.no[node]:
            node = self.yes[node] if values[self.signal[node]] <= self.at_most[node] else self.no[node]
        return self.value[node]


@dataclass(frozen=True, slots=True)
class CoverageJudge:
    """Turns signals into a chance with boosted trees, read from `judge.json` as plain numbers.

    `calibration` are (chance from, share of questions covered, questions) of its cross-validation.
    """

    trees: tuple[_Tree, ...]
    start: float
    slope: float
    offset: float
    calibration: tuple[tuple[float, float, int], ...]

    def chance(self, signals: Signals) -> float:
        """The chance that the course covers the question, 0 to 1."""
        values = signals.values()
        raised = self.slope * (self.start + sum(tree.of(values) for tree in self.trees)) + self.offset
        return 1 / (1 + math.exp(-max(min(raised, 30.0), -30.0)))


def signal_names() -> list[str]:
    """The names of the signals in their order."""
    return [field.name for field in fields(Signals)]


@lru_cache(maxsize=1)
def shipped_judge() -> CoverageJudge:
    """The judge that `tests/bench/train_judge.py` wrote. Raises JudgeUnreadableError."""
    try:
        data = json.loads(JUDGE_FILE.read_text(encoding="utf-8"))
        trees = tuple(_Tree(*(tuple(tree[field.name]) for field in fields(_Tree))) for tree in data["trees"])
        calibration = tuple((float(low), float(share), int(count)) for low, share, count in data["calibration"])
        judge = CoverageJudge(trees, data["start"], data["slope"], data["offset"], calibration)
        fits = data["format"] == FORMAT and data["signals"] == signal_names()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise JudgeUnreadableError(_UNREADABLE) from error
    if not fits:
        raise JudgeUnreadableError(_UNREADABLE)
    return judge
