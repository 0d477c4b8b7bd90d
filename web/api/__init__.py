"""The same answers for programs: JSON over HTTP, described by `openapi.yaml`.

Takes no cookie and no form token, so no page of another site can act in a visitor's name: there is no name. Knows nothing of pages.
"""

PREFIX = "/api/"
"""What the address of everything for programs begins with; whatever goes wrong there is told as JSON."""
