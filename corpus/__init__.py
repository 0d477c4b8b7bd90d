"""The course: what authors write, read once and given out as units, sections, sentences and passages.

Knows nothing of search, questions or web pages.
"""

from corpus.archive import UnitArchive
from corpus.course import Block, CheckQuestion, Course, ExpectedQuestion, GlossaryEntry, Module, Outcome, Section, Sentence, Unit
from corpus.loading import course_digest, load_course
from corpus.passages import Passage, passages_of
from corpus.source import CourseError

__all__ = [
    "Block",
    "CheckQuestion",
    "Course",
    "CourseError",
    "ExpectedQuestion",
    "GlossaryEntry",
    "Module",
    "Outcome",
    "Passage",
    "Section",
    "Sentence",
    "Unit",
    "UnitArchive",
    "course_digest",
    "load_course",
    "passages_of",
]
