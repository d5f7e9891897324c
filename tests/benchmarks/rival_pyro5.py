"""Pyro5 with msgpack: a daemon, exposed classes, a factory for new objects."""

from __future__ import annotations

import os
import threading
from contextlib import ExitStack

os.environ["PYRO_SERIALIZER"] = "msgpack"

import Pyro5.api
from contestant import Contestant, Work
from ours import BATCHED, CALLBACKS, Host


class Pyro(Contestant):
    """A proxy for each thread, as proxies belong to one. Its default server has 80 threads at most, one for each
    connection; for many connections the manual has the multiplexing one, which `many` is the factory of.
    """

    name = "Pyro5"

    def __init__(self, ends: ExitStack, factory: str, many: str, payload: bytes) -> None:
        super().__init__()
        self._many = many
        self._factory = factory
        made = ends.enter_context(Pyro5.api.Proxy(factory))
        one, other = made.make(), made.make()
        host = self._host(ends)
        null, three, echo, turn = one.null, one.three, one.echo, [one.null, other.null]
        numbers = tuple(range(10_000))

        def set_value() -> None:
            one.value = 7

        def in_turn() -> None:
            turn.reverse()
            turn[0]()

        def batched() -> None:
            batch = Pyro5.api.BatchProxy(one)
            for _ in range(BATCHED):
                batch.null()
            assert all(answer is None for answer in batch())

        def iterate() -> None:
            assert sum(1 for _ in one.stream()) == len(numbers)

        self.works = {
            "null": null,
            "get": lambda: one.value,
            "set": set_value,
            "three": lambda: three("George", 99, 3.5),
            "in turn": in_turn,
            "new": made.make,
            "callback": lambda: one.call_back(host, CALLBACKS),
            "ints": lambda: echo(numbers),
            "bytes": lambda: echo(payload),
            "iterate": iterate,
            "batch": batched,
        }

    def _host(self, ends: ExitStack) -> Host:
        """An object that the server can call back: it needs a daemon of the client's own, on a thread."""
        daemon = Pyro5.api.Daemon(host="127.0.0.1")
        host: Host = Pyro5.api.expose(type("Host", (Host,), {"null": Pyro5.api.callback(lambda _: None)}))()
        daemon.register(host)
        threading.Thread(target=daemon.requestLoop, daemon=True).start()
        ends.callback(daemon.shutdown)
        return host

    def caller(self) -> tuple[Work, Work]:
        return self._connected(self._factory)

    def connection(self) -> tuple[Work, Work]:
        return self._connected(self._many)

    def _connected(self, factory: str) -> tuple[Work, Work]:
        with Pyro5.api.Proxy(factory) as made:
            proxy = made.make()
        proxy._pyroBind()
        return proxy.null, proxy._pyroRelease
