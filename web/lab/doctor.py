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
    from collections.abc import Callable, Iterable, Iterator

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
    looks: tuple[tuple[str, Callable[[], Iterable[Finding]]], ...] = (
        ("libraries", program_checks.libraries),
        ("search", lambda: program_checks.search(settings)),
        ("data", lambda: program_checks.data(settings)),
        ("disk", lambda: [machine_checks.disk(settings.data)]),
        ("writing", lambda: [machine_checks.writing(settings.data)]),
        ("memory", lambda: [machine_checks.memory(serving=serving)]),
        ("clock", lambda: [_clock(settings, now or datetime.now(UTC))]),
        ("port", lambda: [machine_checks.port(settings.host, settings.port, serving=serving)]),
    )
    with watched() as attempts:
        findings = [finding for check, look in looks for finding in _looked(check, look)]
    findings.append(_network(attempts))
    return Examination(tuple(findings), tuple(attempts))


def _looked(check: str, look: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """What a look finds; one that breaks off is a fault like any other, and the next goes on."""
    try:
        yield from look()
    except Exception as error:  # noqa: BLE001  # whatever is wrong with this machine, whoever asks must hear it
        what = f"{type(error).__name__}: {error}"
        yield fault(check, _("The look broke off (%(what)s).", what=what), _("Install genomics-tutor again."))


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
