"""A look at everything that a tutor over a course needs on this machine, each fault with its remedy.

Nothing is changed but a file written and removed to see whether that can be done. Knows nothing of terminals or pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from corpus import CourseError, UnitArchive, load_course
from web.lab import machine_checks, program_checks
from web.lab.data_version import program_version
from web.lab.findings import fault, fine
from web.lab.findings import words as _
from web.lab.network import watched

if TYPE_CHECKING:
    from web.lab.findings import Finding
    from web.settings import Settings

FORMAT = 1
"""Version of what `Examination.plain` gives."""


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found, in the order it was looked at; `attempts` are those to reach another machine meanwhile, as "event address"."""

    findings: tuple[Finding, ...]
    attempts: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether there is no fault."""
        return all(finding.state != "fault" for finding in self.findings)

    def plain(self) -> dict[str, Any]:
        """The same as plain values, for JSON."""
        return {
            "format": FORMAT,
            "program": program_version(),
            "sound": self.sound,
            "findings": [finding.plain() for finding in self.findings],
            "network": list(self.attempts),
        }


def examine(settings: Settings, now: datetime | None = None, *, serving: bool = False) -> Examination:
    """Look at everything; it takes a few seconds, most of them to read the course and the encoder.

    `serving` says that this process serves the pages: it has the port, and its memory already.
    """
    with watched() as attempts:
        findings = [
            *program_checks.libraries(),
            *program_checks.search(settings),
            *program_checks.data(settings),
            machine_checks.disk(settings.data),
            machine_checks.writing(settings.data),
            machine_checks.memory(serving=serving),
            _clock(settings, now or datetime.now(UTC)),
            machine_checks.port(settings.host, settings.port, serving=serving),
        ]
    findings.append(_network(attempts))
    return Examination(tuple(findings), tuple(attempts))


def _clock(settings: Settings, now: datetime) -> Finding:
    try:
        course = load_course(settings.course, UnitArchive(settings.index / "units.jsonl"))
    except CourseError:
        course = None
    return machine_checks.clock(now, program_checks.moments(settings, course))


def _network(attempts: list[str]) -> Finding:
    if attempts:
        return fault(
            "network",
            _("Another machine was reached for: %(attempts)s.", attempts="; ".join(attempts)),
            _("Install genomics-tutor again; it needs no network."),
        )
    return fine("network", _("No network was touched."))
