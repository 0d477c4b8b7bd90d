"""A course, its index and its encoder opened together as an assistant.

Knows nothing of settings, terminals or pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from threadpoolctl import threadpool_limits

from assistant.assistant import Assistant
from corpus import UnitArchive, load_course
from index import chosen_encoder, ready_index

if TYPE_CHECKING:
    from index import IndexSettings


def open_assistant(settings: IndexSettings) -> Assistant:
    """The assistant over the settings' course; its index is built or refreshed first if it must be, which standard error is told.

    Raises CourseError, EncoderUnreadableError, IndexUnwritableError or IndexUnusableError, each with what to do.
    """
    # One thread for each matrix product: a question is too small to share out, and threads that wait for work burn a core.
    threadpool_limits(limits=1)
    encoder = chosen_encoder(settings.model)
    course = load_course(settings.course, UnitArchive(settings.index / "units.jsonl"))
    return Assistant(course, ready_index(settings, encoder, lambda: course), encoder)
