"""One log line a request, and a request id on each line and each response, so that a fault a trainee reports can be found.

Neither questions nor cookies nor addresses are written to the log. Knows nothing of what a request asks for.
"""

from __future__ import annotations

import logging
import secrets
import time
from typing import TYPE_CHECKING

from flask import g, has_request_context, request

if TYPE_CHECKING:
    from flask import Flask, Response

_LOG = logging.getLogger("web.requests")
_FORMAT = "%(asctime)s %(levelname)s %(request_id)s %(name)s: %(message)s"


class RequestId(logging.Filter):
    """Gives each log record the id of the request it belongs to, or a dash."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Set `request_id`; let every record through."""
        record.request_id = request_id() if has_request_context() else "-"
        return True


def configure_logging(level: int = logging.INFO) -> None:
    """Write log lines to standard error, each with its request id."""
    handler = logging.StreamHandler()
    handler.addFilter(RequestId())
    handler.setFormatter(logging.Formatter(_FORMAT))
    logging.basicConfig(level=level, handlers=[handler], force=True)


def request_id() -> str:
    """The id of this request."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(6)
    return str(g.request_id)


def init_app(app: Flask) -> None:
    """Trace every request of the app."""
    app.before_request(_start)
    app.after_request(_finish)


def _start() -> None:
    g.started = time.perf_counter()


def _finish(response: Response) -> Response:
    elapsed_ms = (time.perf_counter() - g.get("started", time.perf_counter())) * 1000
    path = request.path.encode("unicode_escape").decode("ascii")
    _LOG.info("%s %s %d %.1f ms", request.method, path, response.status_code, elapsed_ms)
    response.headers["X-Request-Id"] = request_id()
    return response
