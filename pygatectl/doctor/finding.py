"""A finding of the doctor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pygatectl.definition import Definition
from pygatectl.registry import Registry

ERROR, WARNING = "error", "warning"


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


Check = Callable[[Registry, Definition], Iterator[Finding]]
RegistryCheck = Callable[[Registry], Iterator[Finding]]
