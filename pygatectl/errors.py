# ruff: noqa: N818 - the names say what is wrong, their common base says that they are errors
"""The errors of the library: one tree, whose classes carry the exit codes of the command line.

Codes are LSB's where it has one: 0 done or active, 1 failed, 2 wrong usage or value, 3 not active, 4 no such
definition, 5 conflict, 6 did not become ready, 7 did not stop.
"""

from __future__ import annotations

from collections.abc import Iterable


class PygatectlError(Exception):
    """Something that the library could not do. `str()` is one sentence for a person, with advice.

    `details` holds what stands below that sentence: pairs of a label and a text that may have many lines.
    """

    exit_code = 1
    gateway: str | None = None
    """The name of the definition that is not valid, where the registry says which."""

    def __init__(self, message: str, *, details: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__(message)
        self.details = tuple(details)


class BrokenRegistry(PygatectlError):
    """The registry file is no TOML, or not the TOML that this program writes. It is never overwritten
    then.
    """


class InvalidValue(PygatectlError):
    """A value breaks a rule; the message names the field, the value and the rule."""

    exit_code = 2

    def __init__(self, field: str, value: object, rule: str, *, gateway: str | None = None) -> None:
        owner = f"gateway {gateway!r}: " if gateway else ""
        super().__init__(f"{owner}{field} {value!r} is refused: {rule}")
        self.field, self.value, self.rule = field, value, rule


class Refused(PygatectlError):
    """What is asked can't be done as the definition stands, or as the command was given."""

    exit_code = 2


class NotActive(PygatectlError):
    """No server of this definition runs."""

    exit_code = 3


class UnknownGateway(PygatectlError):
    """There is no definition of this name."""

    exit_code = 4

    def __init__(self, name: str, known: Iterable[str]) -> None:
        from difflib import get_close_matches

        names = sorted(known)
        close = get_close_matches(name, names, n=3)
        if close:
            advice = "did you mean " + " or ".join(repr(one) for one in close) + "?"
        elif names:
            advice = "known: " + ", ".join(names[:10]) + (", ..." if len(names) > 10 else "")
        else:
            advice = f"there are no definitions yet; pygatectl create {name} --port auto makes one"
        super().__init__(f"no gateway named {name!r}; {advice}")
        self.name = name


class UnknownTag(PygatectlError):
    """No definition among those that were meant has this tag, or one of these."""

    exit_code = 4

    def __init__(self, tags: Iterable[str], known: Iterable[str]) -> None:
        there = ", ".join(sorted(set(known))) or "none"
        super().__init__(f"no gateway has the tag {' or '.join(repr(one) for one in tags)}; the tags are: {there}")


class Conflict(PygatectlError):
    """Something else is in the way: a name or a port that is taken, a server that runs while it must not."""

    exit_code = 5


class AlreadyRunning(Conflict):
    """A server of this definition runs already."""


class NotReady(PygatectlError):
    """A server that was started did not become ready; it has been ended. `details` says what it said."""

    exit_code = 6


class NotStopped(PygatectlError):
    """A server did not stop, or its port is still held."""

    exit_code = 7


class TimedOut(PygatectlError):
    """What was waited for did not come in time."""

    exit_code = 1
