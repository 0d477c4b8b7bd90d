"""What a trainee says about an answer, as events of the journal: feedback (the latest about a question counts) and notes to the tutors (one a question).

Knows nothing of pages, or of where events are kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypedDict, cast, get_args

from assistant.masking import masked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from assistant.journal import Event

Verdict = Literal["helpful", "not_helpful"]
Reason = Literal["", "wrong", "incomplete", "not_in_course", "hard_to_understand", "citation_wrong"]

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
REASONS: tuple[Reason, ...] = get_args(Reason)

LONGEST_COMMENT = 1000
"""The longest comment or note that is kept, in characters; what is longer is cut there."""

FEEDBACK = "feedback"
NOTE = "note"


class FeedbackBody(TypedDict):
    """Whether an answer helped. `about` is the id of the question's event; `reason` is empty where none was given."""

    about: str
    verdict: Verdict
    reason: Reason
    comment: str


class NoteBody(TypedDict):
    """A question that a trainee wants the tutors to see. `about` is the id of the question's event."""

    about: str
    question: str
    note: str


def feedback_body(about: str, verdict: str, reason: str = "", comment: str = "") -> FeedbackBody:
    """The body of a feedback event, the comment masked. What helped has no reason. Raises ValueError for a verdict or reason not known."""
    if verdict not in VERDICTS or reason not in REASONS:
        message = f"Feedback says one of {', '.join(VERDICTS)}, with one of the reasons {', '.join(filter(None, REASONS))} or none."
        raise ValueError(message)
    given = "" if verdict == "helpful" else reason
    return {"about": about, "verdict": verdict, "reason": given, "comment": _kept(comment)}


def note_body(about: str, question: str, note: str = "") -> NoteBody:
    """The body of a note event, question and note masked."""
    return {"about": about, "question": masked(question), "note": _kept(note)}


def latest_feedback(events: Iterable[Event]) -> Mapping[str, FeedbackBody]:
    """The feedback that counts, by the id of the question's event: the latest of each. Events come oldest first, of any kind."""
    return {event.body["about"]: cast("FeedbackBody", event.body) for event in events if event.kind == FEEDBACK and "about" in event.body}


def notes(events: Iterable[Event]) -> Mapping[str, NoteBody]:
    """The notes to the tutors, by the id of the question's event; the first of each."""
    found: dict[str, NoteBody] = {}
    for event in events:
        if event.kind == NOTE and "about" in event.body:
            found.setdefault(event.body["about"], cast("NoteBody", event.body))
    return found


def _kept(text: str) -> str:
    return masked(" ".join(text.split())[:LONGEST_COMMENT])
