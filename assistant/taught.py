"""Which of the tutors' answers answers a question: meaning compared by the encoder, names compared by the course.

A wording that means much the same is near, but so is one in which a single name stands in another's place ("haemophilia A" for
"haemophilia B"); so an answer is not given where each of the two names something that the other does not. Knows nothing of pages.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from assistant.tutor_answers import TutorAnswersError
from corpus.english import english_words
from index.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from assistant.tutor_answers import TutorAnswer, TutorAnswers
    from index.encoder import Encoder
    from index.names import Mention, Names

ALIKE_FROM = 0.77
"""The cosine (-1 to 1, higher is more alike) from which a question asks what a tutor answered. Chosen on half of the pairs of
`tests/bench/questions/tutor_answers.jsonl`: nothing was given wrongly on the other half, and 11 of 16 were found."""

_RARE_NAME = 3.0
"""The weight from which a name can be the one that makes the difference; "gene" and "variant" weigh less."""

_MOST_KEPT = 2000
_WORD = re.compile(r"[^\W_]+")
_UNUSUAL = re.compile(r"[a-z][a-z-]{4,}")
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Taught:
    """A tutor's answer to a question. `alike` is the cosine of the two questions; `changed` are cited passages that have changed since."""

    answer: TutorAnswer
    alike: float
    changed: tuple[str, ...]


class TaughtAnswers:
    """Finds tutors' answers as they stand in the store at that moment. Safe to use from many threads at once."""

    def __init__(
        self, store: TutorAnswers, encoder: Encoder, names: Names, texts: Mapping[str, str], read: Callable[[str], str] = str
    ) -> None:
        """`texts` are the passages of the course by id; `read` gives a tutor's wording as a question is understood, in English."""
        self.store = store
        self.texts = texts
        self.encoder = encoder
        self._names = names
        self._read = read
        self._lock = Lock()
        self._vectors: dict[str, NDArray[np.float32]] = {}
        self._understood: dict[str, str] = {}
        self._state = -1
        self._answers: tuple[TutorAnswer, ...] = ()

    def find(self, understood: str) -> Taught | None:
        """The tutors' answer to a question as it was understood, or None. A store that cannot be read is told in the log."""
        try:
            answers = self._latest()
        except TutorAnswersError as error:
            _LOG.error("%s", error)
            return None
        best: Taught | None = None
        for answer in answers:
            for wording in (answer.written.question, *answer.written.phrasings):
                alike = self.alike(understood, self._in_english(wording))
                if alike >= ALIKE_FROM and (best is None or alike > best.alike):
                    best = Taught(answer, alike, answer.changed(self.texts))
        return best

    def alike(self, question: str, wording: str) -> float:
        """How much alike two questions are: their cosine, or 0 where a name of one stands in the place of another of the other."""
        if self._only_in(question, wording) and self._only_in(wording, question):
            return 0.0
        return float(self._vector(question) @ self._vector(wording))

    def _latest(self) -> tuple[TutorAnswer, ...]:
        state = self.store.state()
        with self._lock:
            if state != self._state:
                self._answers, self._state = tuple(self.store.latest()), state
            return self._answers

    def _in_english(self, wording: str) -> str:
        with self._lock:
            known = self._understood.get(wording)
        if known is None:
            known = self._read(wording)
            with self._lock:
                _make_room(self._understood)
                self._understood[wording] = known
        return known

    def _vector(self, text: str) -> NDArray[np.float32]:
        with self._lock:
            known = self._vectors.get(text)
        if known is None:
            known = self.encoder.encode([text])[0]
            with self._lock:
                _make_room(self._vectors)
                self._vectors[text] = known
        return known

    def _only_in(self, text: str, other: str) -> bool:
        """Whether a rare name, a number or a word that is no English stands in `text` and not, by any name, in `other`."""
        named, there = self._rare(text), self._rare(other)
        words = {word.lower() for word in _WORD.findall(other)}
        stems = set(tokens(other)) | {stem for mention in there for term in _terms(mention) for stem in tokens(term)}
        known = {term for mention in there for term in _terms(mention)}
        for mention in named:
            own = {word.lower() for word in _WORD.findall(mention.name)}
            own_stems = set(tokens(mention.name))
            said = own <= words or (len(own_stems) == len(own) and own_stems <= stems)
            if not said and not _terms(mention) & known:
                return True
        if {word for word in _WORD.findall(text) if word.isdigit()} - words:
            return True
        inside = " ".join(mention.name.lower() for mention in named)
        unusual = (word for word in _UNUSUAL.findall(text.lower()) if word not in english_words() and word not in inside)
        return any(not set(tokens(word)) & stems for word in unusual)

    def _rare(self, text: str) -> list[Mention]:
        return [mention for mention in self._names.mentions(text) if mention.weight >= _RARE_NAME]


def _terms(mention: Mention) -> set[str]:
    return {(name.preferred or name.text).lower() for name in mention.names}


def _make_room(kept: dict[str, object] | dict[str, str] | dict[str, NDArray[np.float32]]) -> None:
    if len(kept) >= _MOST_KEPT:
        kept.clear()
