"""Questions to go on with after an answer: practice questions of the sections it cites and of those beside them, each one that the course answers.

Knows nothing of how a question is judged, nor of pages.
"""

from __future__ import annotations

import time
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

from assistant.personal import is_personal
from assistant.reply import Answer, Boundary, Partly, Unreadable
from index.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from assistant.reply import Reply
    from corpus import Course

MOST = 3
"""How many questions are offered."""

_LONGEST = 140
"""The longest practice question that is offered, in characters: a button of two lines."""

_JUDGED_AT_ONCE = 2
"""How many questions are judged for one reply at the most; what is judged is remembered, so the next reply has more to choose from."""

_SAME = 0.6
"""The share of their words, both taken together, from which two questions are taken to ask the same."""


class Onward:
    """Chooses questions to go on with. Safe to use from many threads at once."""

    def __init__(self, course: Course, covered: Callable[[str], bool]) -> None:
        """`covered` says whether the course answers a question; it is asked once for each."""
        self._covered = covered
        self._judged: dict[str, bool] = {}
        self._questions: dict[str, list[str]] = {}
        self._order = {unit.id: [section.id for section in unit.sections] for unit in course.units.values()}
        for unit in course.units.values():
            for one in unit.check_questions:
                if len(one.question) <= _LONGEST and not is_personal(one.question):
                    self._questions.setdefault(f"{unit.id}#{one.evidence}", []).append(one.question)

    def after(self, reply: Reply, history: Sequence[str] = ()) -> tuple[str, ...]:
        """Up to `MOST` questions, the nearest first; none that was asked already. `history` are the conversation's earlier questions."""
        if isinstance(reply, Unreadable):
            return ()
        said = [frozenset(tokens(text)) for text in (reply.question.asked, reply.question.understood, *history)]
        found: list[str] = []
        judged = 0
        for question in self._candidates(reply):
            words = frozenset(tokens(question))
            if any(_share(words, other) >= _SAME for other in said):
                continue
            if question not in self._judged:
                if judged == _JUDGED_AT_ONCE:
                    continue
                judged += 1
                self._judged[question] = self._covered(question)
            if self._judged[question]:
                found.append(question)
                said.append(words)
            if len(found) == MOST:
                break
        return tuple(found)

    def judge_all(self, rest: float) -> None:
        """Judge every question that is not judged yet, with `rest` seconds after each, so that no reply has to wait for it."""
        for question in [one for questions in self._questions.values() for one in questions]:
            if question not in self._judged:
                self._judged[question] = self._covered(question)
                time.sleep(rest)

    def _candidates(self, reply: Reply) -> Iterator[str]:
        """Practice questions a section at a time: those cited, their neighbours, those that come near."""
        cited = _cited(reply)
        beside = dict.fromkeys(section for one in cited for section in self._beside(one) if section not in cited)
        near = () if isinstance(reply, Unreadable) else reply.more if isinstance(reply, Answer | Partly) else reply.nearest
        others = dict.fromkeys(one.passage.rpartition("/")[0] for one in near)
        around = dict.fromkeys(section for one in others for section in self._beside(one) if section not in others)
        for sections in (cited, beside, others, () if cited else around):
            turns = zip_longest(*(self._questions.get(section, ()) for section in sections))
            yield from (question for question in chain.from_iterable(turns) if question)

    def _beside(self, section: str) -> list[str]:
        """The sections of the same unit, the nearest first."""
        order = self._order.get(section.partition("#")[0], [])
        place = order.index(section) if section in order else 0
        return sorted(order, key=lambda other: abs(order.index(other) - place))


def _cited(reply: Reply) -> tuple[str, ...]:
    """The sections that an answer cites, each once, in order."""
    sentences = reply.sentences if isinstance(reply, Answer | Partly | Boundary) else ()
    return tuple(dict.fromkeys(one.passage.rpartition("/")[0] for sentence in sentences for one in sentence.citations))


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(len(one | other), 1)
