"""A course, its index and its encoder opened together as an assistant.

Knows nothing of settings, terminals or pages.
"""

from __future__ import annotations

import ctypes
import gc
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from threadpoolctl import threadpool_limits

from assistant.assistant import Assistant
from assistant.taught import TaughtAnswers
from assistant.tutor_answers import TutorAnswers, passage_texts
from corpus import UnitArchive, load_course
from index import chosen_encoder, index_fits, ready_index, shipped_encoder_digest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from corpus import Course
    from index import Encoder, IndexSettings

_MOST_HEAPS = -8
"""M_ARENA_MAX of glibc's malloc.h."""


def read_course(settings: IndexSettings) -> Course:
    """The settings' course. Raises CourseError."""
    with _undisturbed():
        return load_course(settings.course, UnitArchive(settings.index / "units.jsonl"))


def has_index(settings: IndexSettings, course: Course) -> bool:
    """Whether there is an index that says it is of this course and of the shipped encoder, so that opening it needs no building unless it is damaged.

    Raises EncoderUnreadableError.
    """
    return settings.model is None and index_fits(settings.index, shipped_encoder_digest(), course.digest)


def open_assistant(settings: IndexSettings, encoder: Encoder | None = None, course: Course | None = None) -> Assistant:
    """The assistant over the settings' course; its index is built or refreshed first if it must be, which standard error is told.

    `encoder` and `course` are the settings' where they have been opened already.

    Raises CourseError, EncoderUnreadableError, IndexUnwritableError or IndexUnusableError, each with what to do.
    """
    with _undisturbed():
        return _opened(settings, encoder, course)


def _opened(settings: IndexSettings, encoder: Encoder | None, course: Course | None) -> Assistant:
    # One thread for each matrix product: a question is too small to share out, and threads that wait for work burn a core.
    threadpool_limits(limits=1)
    with ThreadPoolExecutor(1) as beside:  # opening the encoder is hardly Python's work: the course is read meanwhile
        opening = beside.submit(lambda: encoder or chosen_encoder(settings.model))
        course = course or read_course(settings)
        opened = opening.result()
    return Assistant(course, ready_index(settings, course, opened), opened)


def taught_answers(data: Path, assistant: Assistant, encoder: Encoder) -> TaughtAnswers:
    """The tutors' answers in the data folder, found with the assistant's names and by its reading of a question."""
    return TaughtAnswers(
        TutorAnswers(data / "answers.sqlite"),
        encoder,
        assistant.searcher.names,
        passage_texts(assistant.searcher.index.passages),
        lambda wording: assistant.ask(wording).question.understood,
    )


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Half a million objects are made that stay: no search for garbage among them, now or at any later question.

    Afterwards what reading has left behind (15 MB of JSON) goes back to the system, which glibc would keep. It would also begin a heap of
    its own for each of up to 16 threads, each with holes in it; two are enough for as many threads as can compute at once.
    """
    libc: Any = ctypes.CDLL(None) if sys.platform == "linux" else None
    if hasattr(libc, "mallopt"):  # musl has none
        libc.mallopt(_MOST_HEAPS, 2)
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if collecting:
            gc.enable()
        if hasattr(libc, "malloc_trim"):
            libc.malloc_trim(0)
