"""The application put together: each part hands itself to the app.

Knows nothing of what the parts do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask

from web import (
    book_search,
    chat,
    chats,
    compiled_templates,
    compression,
    cookies,
    export,
    glossary,
    language,
    practice,
    problems,
    reader,
    reading,
    remarks,
    routes,
    security,
    services,
    tracing,
)
from web.api import views as api
from web.secret import secret_key
from web.tutors import joining as tutors
from web.tutors import workshop

if TYPE_CHECKING:
    from web.services import Services
    from web.settings import Settings

LARGEST_BODY = 64 * 1024
"""The largest request body that is read, in bytes."""


def application(settings: Settings, collaborators: Services) -> Flask:
    """The Flask application over these settings and collaborators."""
    app = Flask("web")
    app.url_rule_class = routes.Route
    app.config.update(
        SECRET_KEY=settings.secret or secret_key(settings.data),
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY,
    )
    app.session_interface = cookies.CookieSession()
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    services.init_app(app, collaborators)
    tracing.init_app(app)
    compression.init_app(app)
    security.init_app(app)
    language.init_app(app)
    problems.init_app(app)
    chat.init_app(app)
    chats.init_app(app)
    export.init_app(app)
    remarks.init_app(app)
    reader.init_app(app)
    book_search.init_app(app)
    reading.init_app(app, settings.data / "reading.sqlite")
    glossary.init_app(app)
    workshop.init_app(app, settings)
    tutors.init_app(app, settings)
    practice.init_app(app)
    api.init_app(app)
    compiled_templates.init_app(app)
    return app
