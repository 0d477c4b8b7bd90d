"""Why an account cannot be made or changed, as one sentence; for pages and for the command line.

Knows nothing of the language that it is told in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from web.tutors.accounts import Refusal


def refusal(reason: Refusal, _: Callable[[str], str]) -> str:  # noqa: PLR0911  (a sentence for each reason)
    """What to tell the person; `_` turns a message into their language."""
    match reason:
        case "name":
            return _("The name is empty or longer than 40 characters; give one that colleagues know you by.")
        case "taken":
            return _("There is an account of this name; choose another name.")
        case "short":
            return _("The password is shorter than 12 characters; use a longer one, such as four words that do not belong together.")
        case "long":
            return _("The password is longer than 200 characters; use a shorter one.")
        case "like-name":
            return _("The password holds the name or is part of it; use one that cannot be told from the name.")
        case "plain":
            return _("The password has fewer than five different characters; use one that is harder to guess.")
        case "unknown":
            return _("There is no account of this name; choose one from the list.")
        case "last-admin":
            return _("This is the only account that may manage the others; make another admin first.")
