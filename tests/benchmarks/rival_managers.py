"""multiprocessing.managers of the standard library, with a proxy type of its own as the manual advises."""

from __future__ import annotations

from contextlib import ExitStack
from multiprocessing.connection import Client
from multiprocessing.managers import BaseManager, NamespaceProxy, dispatch

from benched import Benched
from contestant import Contestant, Work


class BenchedProxy(NamespaceProxy):
    """Attributes as a namespace has them, and the methods of Benched."""

    _exposed_ = ("__getattribute__", "__setattr__", "__delattr__", "null", "three", "echo", "items")

    def null(self) -> object:
        return self._callmethod("null")

    def three(self, *arguments: object) -> object:
        return self._callmethod("three", arguments)

    def echo(self, value: object) -> object:
        return self._callmethod("echo", (value,))


class Manager(BaseManager):
    """Makes Benched, and lists."""


Manager.register("Benched", Benched, BenchedProxy)
Manager.register("list", list, exposed=("__getitem__", "__len__"))


class Managers(Contestant):
    """A connection for each thread, which the proxies open themselves."""

    name = "managers"

    def __init__(self, ends: ExitStack, port: int, payload: bytes) -> None:
        super().__init__()
        self._address = ("127.0.0.1", port)
        manager = Manager(self._address, authkey=b"benchmark")
        manager.connect()
        self._one = one = manager.Benched()
        other = manager.Benched()
        null, three, echo, turn = one.null, one.three, one.echo, [one.null, other.null]
        numbers = tuple(range(10_000))
        items = manager.list(numbers)

        def set_value() -> None:
            one.value = 7

        def in_turn() -> None:
            turn.reverse()
            turn[0]()

        def iterate() -> None:
            assert sum(1 for _ in items) == len(numbers)

        self.works = {
            "null": null,
            "get": lambda: one.value,
            "set": set_value,
            "three": lambda: three("George", 99, 3.5),
            "in turn": in_turn,
            "new": manager.Benched,
            "ints": lambda: echo(numbers),
            "bytes": lambda: echo(payload),
            "iterate": iterate,
        }
        self.lacks = {
            "callback": "a manager's objects can't call the client",
            "batch": "a manager's proxies call one by one",
        }

    def caller(self) -> tuple[Work, Work]:
        return self._one.null, lambda: None  # each thread has a connection, whichever object it calls

    def connection(self) -> tuple[Work, Work]:
        """As a proxy does it; but proxies of one thread share one connection."""
        connection = Client(self._address, authkey=b"benchmark")
        dispatch(connection, None, "accept_connection", ("a benchmark",))
        number = self._one._id
        return lambda: dispatch(connection, number, "null"), connection.close
