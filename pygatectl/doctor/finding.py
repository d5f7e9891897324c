"""A finding of the doctor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pygatectl.definition import Definition
from pygatectl.registry import Registry

ERROR, WARNING = "error", "warning"


WHY = {
    "definition": "it can be stopped, deleted and mended, but not started or used",
    "unknown key": "what was meant by it does not happen",
    "folder": "nothing can be created, started or recorded",
    "clock": "uptimes, --since and the order of what happened are wrong",
    "host": "connections do not reach the server, or it does not start",
    "port": "one TCP port serves one server at a time",
    "log file": "the server can't log, and does not start",
    "cwd": "the server can't be started in it",
    "passphrase": "neither a start nor a connection works without it",
    "permissions": "whoever reads it can connect, or pass for the server",
    "TLS": "the server does not start, or nobody can trust it",
    "interpreter": "it is what runs the server",
    "environment": "what imports here may not import elsewhere",
    "class path": "its classes can't be named, or others are used",
    "imports": "the start fails, or the first call that names its classes",
    "user site": "what imports for this user fails for another",
    "record": "it tells of a process of the past",
    "orphan": "no command reaches what runs without a definition",
    "failure": "status shows the gateway as Failed until it starts",
    "monitor": "it tells of a process of the past",
    "edited": "the server runs with the old values until it is restarted",
    "answer": "calls wait until their deadlines",
}
"""Why the findings of each check matter."""


@dataclass(frozen=True)
class Finding:
    """Something that is wrong (`ERROR`: a start or a connection fails) or will be (`WARNING`).

    `gateway` is None where it concerns none alone; `fix` is what helps, mostly a command.
    """

    gateway: str | None
    check: str
    severity: str
    what: str
    fix: str
    repair: Callable[[], object] | None = field(default=None, compare=False)

    @property
    def why(self) -> str:
        """Why it matters."""
        return WHY[self.check]


Check = Callable[[Registry, Definition], Iterator[Finding]]
RegistryCheck = Callable[[Registry], Iterator[Finding]]
