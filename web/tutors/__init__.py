"""The tutors' pages: who may see them, and what tutors see of the questions that were asked.

Another part of the pages joins by a blueprint of its own:

    blueprint = guard(Blueprint("tutor_gaps", __name__, url_prefix="/tutor/gaps"))

Each of its routes then needs a tutor who has signed in; `current_tutor()` says who it is, `audit(...)` notes what was changed. Knows nothing of
how trainees are answered.
"""

from __future__ import annotations

from web.tutors.accounts import Role, Tutor
from web.tutors.guarding import audit, current_tutor, guard, require_admin, signed_in

__all__ = ["Role", "Tutor", "audit", "current_tutor", "guard", "require_admin", "signed_in"]
