"""What a person can set: where the course, the index and the journal lie, and where the pages are served.

The one place that reads the environment. Knows nothing of what the settings are used for.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, fields
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from corpus.own_copy import own_copy

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "GENOMICS_TUTOR_"
_LARGEST_PORT = 65535
_MOST_DAYS = 36_500
_FEWEST_THREADS, _MOST_THREADS = 4, 512


class SettingError(ValueError):
    """A setting has a value that cannot be used; the message names the setting and says what to give instead."""


def _package_folder(package: str) -> Path:
    spec = find_spec(package)
    places = spec.submodule_search_locations if spec else None
    return Path(next(iter(places))) if places else Path(package)


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, read once. `secret` signs cookies; when empty, one is kept in the data folder.

    `keep_days` is how long questions are kept; `journal_key` seals journal files between machines. `proxy` is the address of a proxy that is believed about https and the sender's address, or empty.
    """

    course: Path
    index: Path
    data: Path
    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 256
    model: Path | None = None
    keep_days: int = 730
    proxy: str = ""
    secret: str = field(default="", repr=False)
    journal_key: str = field(default="", repr=False)

    @classmethod
    def read(cls, options: Mapping[str, object], environment: Mapping[str, str] = os.environ) -> Settings:
        """The settings that the options and `GENOMICS_TUTOR_*` variables give; an option counts before a variable.

        An option that is None or absent was not given. Raises SettingError for a value that cannot be used.
        """
        unknown = set(options) - {one.name for one in fields(cls)}
        if unknown:
            message = f"There is no setting called {', '.join(sorted(unknown))}; see --help."
            raise SettingError(message)

        def given(name: str) -> str:
            value = options.get(name)
            return str(value) if value is not None else environment.get(PREFIX + name.upper(), "")

        shipped = _package_folder("corpus")
        data = Path(given("data") or platformdirs.user_data_path("genomics-tutor", appauthor=False)).expanduser()
        course = Path(given("course") or shipped).expanduser()
        own_index = _package_folder("index") / "built" if course == shipped else data / "index"
        copied = own_copy(course, data)
        if copied is not None:  # tutors have changed the course: their copy is read in its place
            course, own_index = copied.folder, data / "index"
        model = given("model")
        return cls(
            course=course,
            index=Path(given("index") or own_index).expanduser(),
            data=data,
            host=given("host") or "127.0.0.1",
            port=_whole_number("port", given("port") or "8000", 0, _LARGEST_PORT),
            threads=_whole_number("threads", given("threads") or "256", _FEWEST_THREADS, _MOST_THREADS),
            keep_days=_whole_number("keep_days", given("keep_days") or "730", 1, _MOST_DAYS),
            proxy=_ip_address("proxy", given("proxy")),
            model=Path(model).expanduser() if model else None,
            secret=given("secret"),
            journal_key=given("journal_key"),
        )


def _whole_number(name: str, text: str, least: int, most: int) -> int:
    if text.isascii() and text.isdigit() and least <= int(text) <= most:
        return int(text)
    message = f"{name} is {text!r}, which is not a whole number from {least} to {most}; give one, or unset {PREFIX}{name.upper()}."
    raise SettingError(message)


def _ip_address(name: str, text: str) -> str:
    try:
        return str(ip_address(text)) if text else ""
    except ValueError:
        message = f"{name} is {text!r}, which is no IP address; give the proxy's, such as 127.0.0.1, or unset {PREFIX}{name.upper()}."
        raise SettingError(message) from None
