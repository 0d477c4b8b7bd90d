"""The command `course`, with the checks that need an encoder beside the course's own.

Knows nothing of what is checked.
"""

from __future__ import annotations

from corpus.commands import course_commands_with
from index.near_duplicates import check_near_duplicates

course_commands = course_commands_with([check_near_duplicates])
