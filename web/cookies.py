"""The one cookie: marked Secure whenever the page was asked for over https, so that it never travels in the open afterwards.

Knows nothing of what the cookie holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask.sessions import SecureCookieSessionInterface

if TYPE_CHECKING:
    from flask import Flask


class CookieSession(SecureCookieSessionInterface):
    """Flask's signed cookie; Secure depends on how the request came."""

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002  (Flask's interface)
        """Whether the browser may send the cookie over https alone."""
        return request.is_secure
