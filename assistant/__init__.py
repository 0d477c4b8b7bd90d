"""The assistant: decides what to say to a question, cites it, and knows what it could not say.

Knows nothing of web pages, HTTP or accounts.
"""

from assistant.assistant import Assistant
from assistant.reply import (
    Answer,
    AnswerSentence,
    Boundary,
    Citation,
    NearestSection,
    NotCovered,
    Partly,
    Question,
    Reply,
    Unreadable,
)

__all__ = [
    "Answer",
    "AnswerSentence",
    "Assistant",
    "Boundary",
    "Citation",
    "NearestSection",
    "NotCovered",
    "Partly",
    "Question",
    "Reply",
    "Unreadable",
]
