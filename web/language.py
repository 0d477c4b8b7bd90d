"""The language and the colours of the interface: chosen by the visitor, else by the browser.

Course text stays in the language it was written in. The only importer of flask_babel, which has no types. Knows nothing of what the pages say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import flask_babel  # type: ignore[import-untyped]
from babel import dates
from flask import Blueprint, g, redirect, request, session, url_for
from markupsafe import Markup

from web.api import PREFIX

if TYPE_CHECKING:
    from datetime import date, datetime, timedelta

    from flask import Flask
    from flask.typing import ResponseReturnValue

LANGUAGES = {"en": "English", "zh_Hans": "简体中文"}
"""Locale and the name of the language in itself."""

THEMES = ("auto", "light", "dark")

blueprint = Blueprint("language", __name__)


def init_app(app: Flask) -> None:
    """Give the app its languages."""
    app.config.update(BABEL_DEFAULT_LOCALE="en", BABEL_TRANSLATION_DIRECTORIES="translations")
    flask_babel.Babel(app, locale_selector=chosen_language)
    # Templates look a word up some thirty times an answer: the catalogue is found once a request, not once a word.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of the extension that flask_babel adds
        lambda message: _catalogue().ugettext(message),
        lambda singular, plural, number: _catalogue().ungettext(singular, plural, number),
        newstyle=True,
    )
    app.jinja_env.globals["_"] = _marked_up  # the same as Jinja's own, without a look through the template's context for each word
    app.register_blueprint(blueprint)
    app.context_processor(_template_names)


def _marked_up(message: str, **values: object) -> Markup:
    """The message as templates show it: values are escaped where they are set in."""
    return Markup(_catalogue().ugettext(message)) % values  # noqa: S704  # the catalogue's own words


def gettext(message: str, **values: object) -> str:
    """The message in the visitor's language, with the values set in."""
    return str(flask_babel.gettext(message, **values))


def ngettext(singular: str, plural: str, number: int) -> str:
    """The message for a number of things in the visitor's language; `%(num)d` in it is the number."""
    return str(flask_babel.ngettext(singular, plural, number))


def _catalogue() -> Any:
    """The messages in the visitor's language."""
    if "catalogue" not in g:
        g.catalogue = flask_babel.get_translations()
    return g.catalogue


def shown_time(time: datetime) -> str:
    """A day and time as the visitor's language writes them, in the time's own zone."""
    return f"{flask_babel.format_date(time, 'medium', rebase=False)} {flask_babel.format_time(time, 'short', rebase=False)}"


def short_day(day: date, *, month: bool = False) -> str:
    """A day without its year, or with `month` a month with it, as the visitor's language writes them."""
    return str(dates.format_skeleton("yMMM" if month else "MMMd", day, locale=flask_babel.get_locale()))


def waiting(time: timedelta) -> str:
    """A length of time in the visitor's language, to about one unit: “10 minutes”, “3 days”."""
    return str(flask_babel.format_timedelta(time, granularity="minute"))


def chosen_language() -> str:
    """The locale for this request."""
    kept = None if request.path.startswith(PREFIX) else session.get("language")
    if kept in LANGUAGES:
        return str(kept)
    for wanted in request.accept_languages.values():
        if wanted.casefold().startswith("zh"):
            return "zh_Hans"
        if wanted.casefold().startswith("en"):
            return "en"
    return "en"


@blueprint.post("/preferences")
def prefer() -> ResponseReturnValue:
    """Keep a choice of language or colours, and go back to the page it was made on."""
    language, theme = request.form.get("language"), request.form.get("theme")
    if language in LANGUAGES:
        session["language"] = language
    if theme in THEMES:
        session["theme"] = theme
    return redirect(local_address(request.form.get("next", ""), url_for("chat.page")), 303)


def local_address(address: str, otherwise: str) -> str:
    """The address if it is one of ours, else the other one: nobody is sent to another site."""
    plain = address.isprintable() and "\\" not in address
    if plain and address.startswith("/") and not address.startswith("//"):
        return address
    return otherwise


def _template_names() -> dict[str, object]:
    locale = str(flask_babel.get_locale())
    kept = session.get("theme")
    return {
        "language": locale,
        "html_language": locale.replace("_", "-"),
        "languages": LANGUAGES,
        "theme": kept if kept in THEMES else "auto",
        "themes": THEMES,
        "format_date": flask_babel.format_date,
        "format_number": flask_babel.format_number,
        "format_percent": flask_babel.format_percent,
    }
