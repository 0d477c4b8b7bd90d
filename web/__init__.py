"""The pages: trainees ask, anyone reads the module text that a citation points at.

>>> app = create_app(Settings.read({}, {}), Services.of(course, assistant, conversations))

`create_app` is all that an import gives; nothing is opened, read or started before it is called. Knows nothing of how
course text is read, how passages are found or how an answer is chosen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from web.services import Services
    from web.settings import Settings

__all__ = ["create_app"]


def create_app(settings: Settings, services: Services) -> Flask:
    """The application over these settings and collaborators."""
    from web.application import application  # noqa: PLC0415  (importing the package must not import Flask: it keeps `ask` fast)

    return application(settings, services)
