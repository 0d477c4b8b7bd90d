"""What practising needs, put together over one course: its questions, their hints, the comparison of an answer, and where to read on.

Knows nothing of learners, cards or pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.hints import Hints, nearest_sentence
from assistant.key_point_judge import KeyPointJudge
from assistant.practice import practice_questions

if TYPE_CHECKING:
    from assistant.hints import Hint
    from assistant.key_points import Comparison
    from assistant.practice import PracticeQuestion
    from corpus import Course, Sentence
    from index.encoder import Encoder


class Coach:
    """Practice over a course. Safe to use from many threads at once."""

    def __init__(self, course: Course, encoder: Encoder) -> None:
        self.questions = practice_questions(course)
        self._by_key = {question.key: question for question in self.questions}
        self._hints = Hints(course.glossary)
        self._judge = KeyPointJudge(encoder, course.glossary)

    def question(self, key: str) -> PracticeQuestion | None:
        """The question of that key, or None if the course does not hold it (any more)."""
        return self._by_key.get(key)

    def hints(self, question: PracticeQuestion) -> tuple[Hint, ...]:
        """The hints to a question, faintest first; at least one."""
        return self._hints.of(question)

    def compare(self, question: PracticeQuestion, answer: str) -> Comparison:
        """Which key points of the model answer `answer` holds; a suggestion, not a mark."""
        return self._judge.compare(question.question, question.answer, answer)

    def evidence(self, question: PracticeQuestion) -> Sentence | None:
        """The sentence of the evidence section that holds the model answer best; None if the section has none."""
        return nearest_sentence(question.answer, question.section)
