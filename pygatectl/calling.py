"""Calls from a shell: of what classes and modules have, and of objects that live between commands with the monitor."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pygatectl.connect import open_gateway
from pygatectl.errors import PygatectlError, Refused
from pygatectl.registry import Registry

if TYPE_CHECKING:
    from pygateway import Gateway


class RemoteFailure(PygatectlError):  # noqa: N818 - named as its siblings in errors
    """What was called raised an exception; `details` has its traceback on the server."""


@dataclass(frozen=True)
class Kept:
    """An object that the monitor keeps: its handle, and what it was made as."""

    handle: int
    made: str


@dataclass(frozen=True)
class Answer:
    """A result: its text, as `str` has it on the server, empty for None; and its value where that was asked for and is
    one that JSON has, else None.
    """

    text: str
    value: Any = None


def argument(text: str) -> Any:
    """An argument as it stands on a command line: JSON, or else text."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def call(registry: Registry, name: str, target: str, args: Sequence[str], *, plain: bool = False) -> Answer:
    """Call `module.Class.method`, `module.function` or `package.module..function` on a gateway's server.

    Raises `RemoteFailure` for what it raises, `Refused` for a target without a dot, and as `open_gateway`.
    """
    owner, _, method = target.rpartition(".")
    if not owner or not method:
        raise Refused(f"{target!r} names no method; write MODULE.CLASS.METHOD, or MODULE..FUNCTION")
    if "." not in owner:
        owner += "."
    with open_gateway(name, registry) as gateway, _remote():
        return _answer(gateway.invoke(owner, method, *map(argument, args)), plain)


class Objects:
    """The objects of one gateway that its monitor keeps between commands."""

    def __init__(self, registry: Registry, name: str) -> None:
        self._registry, self._name = registry, name

    def new(self, class_name: str, args: Sequence[str]) -> Kept:
        """Make an object, and leave it with the monitor, which is started if it does not run."""
        from pygateway.handles import keep

        with self._gateway() as gateway, _remote():
            return Kept(keep(gateway, gateway.new(class_name, *map(argument, args)), class_name), class_name)

    def get(self, handle: int, path: str, *, plain: bool = False) -> Answer:
        """An attribute; `path` may lead through others, as `company.name`."""
        return self._with(handle, path, getattr, plain)

    def set(self, handle: int, path: str, value: str) -> None:
        """Set an attribute."""
        self._with(handle, path, lambda owner, name: setattr(owner, name, argument(value)), False)

    def call(self, handle: int, path: str, args: Sequence[str], *, plain: bool = False) -> Answer:
        """Call a method; `path` may lead to it through attributes."""
        return self._with(handle, path, lambda owner, name: getattr(owner, name)(*map(argument, args)), plain)

    def delete(self, handles: Sequence[int]) -> None:
        """Let go of objects."""
        from pygateway.handles import let_go

        with self._gateway() as gateway:
            for handle in handles:
                let_go(gateway, handle)

    def kept(self) -> list[Kept]:
        """All that are kept; none where no monitor runs."""
        from pygatectl.monitor import Monitors
        from pygateway.handles import kept

        self._registry.get(self._name)
        if Monitors(self._registry).running(self._name) is None:
            return []
        with self._gateway() as gateway:
            return [Kept(handle, made) for handle, made in kept(gateway)]

    def _with(self, handle: int, path: str, action: Callable[[Any, str], Any], plain: bool) -> Answer:
        from pygateway.handles import fetch

        with self._gateway() as gateway:
            owner = fetch(gateway, handle)
            with _remote():
                *way, last = path.split(".")
                for name in way:
                    owner = getattr(owner, name)
                return _answer(action(owner, last), plain)

    def _gateway(self) -> Gateway:
        return open_gateway(self._name, self._registry, shared=True)


@contextmanager
def _remote() -> Iterator[None]:
    """Raise what the server's objects raise as a `RemoteFailure`."""
    from pygateway import GatewayError, RemoteError

    try:
        yield
    except PygatectlError:
        raise
    except Exception as error:
        traceback = _traceback(error)
        if traceback is None and isinstance(error, GatewayError) and not isinstance(error, RemoteError):
            raise  # of the connection, not of the object
        details = [("traceback", traceback)] if traceback else []
        raise RemoteFailure(f"{type(error).__name__}: {error}", details=details) from error


def _traceback(error: BaseException) -> str | None:
    """The traceback on the server, if the error came from there."""
    from pygateway.errors import RemoteTraceback

    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, RemoteTraceback):
        cause = cause.__cause__
    return None if cause is None else cause.text.strip()


def _answer(result: Any, plain: bool) -> Answer:
    text = "" if result is None else str(result)
    if not plain:
        return Answer(text)
    from pygateway import value

    try:
        copy = value(result)
        json.dumps(copy)
    except (TypeError, ValueError):  # no copy can be had, or JSON has nothing like it
        return Answer(text)
    return Answer(text, copy)
