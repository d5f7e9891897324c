"""RPyC's classic service, with what its manual advises for speed: methods kept, `buffiter`, `async_`."""

from __future__ import annotations

from contextlib import ExitStack

import rpyc
from contestant import Contestant, Work
from ours import BATCHED, CALLBACKS, Host
from rpyc.utils.helpers import buffiter


class Rpyc(Contestant):
    """One connection for each thread, since those of one connection wait for each other."""

    name = "RPyC"

    def __init__(self, ends: ExitStack, port: int, payload: bytes) -> None:
        super().__init__()
        self._port = port
        connection = rpyc.classic.connect("127.0.0.1", port)
        ends.callback(connection.close)
        new = connection.modules.benched.Benched
        one, other, host = new(), new(), Host()
        null, three, echo, turn = one.null, one.three, one.echo, [one.null, other.null]
        later, items, numbers = rpyc.async_(null), one.items(), tuple(range(10_000))

        def set_value() -> None:
            one.value = 7

        def in_turn() -> None:
            turn.reverse()
            turn[0]()

        def batched() -> None:
            answers = [later() for _ in range(BATCHED)]
            assert all(answer.value is None for answer in answers)

        def iterate() -> None:
            assert sum(1 for _ in buffiter(items, 1000, 1000)) == len(numbers)

        self.works = {
            "null": null,
            "get": lambda: one.value,
            "set": set_value,
            "three": lambda: three("George", 99, 3.5),
            "in turn": in_turn,
            "new": new,
            "callback": lambda: one.call_back(host, CALLBACKS),
            "ints": lambda: echo(numbers),
            "bytes": lambda: echo(payload),
            "iterate": iterate,
            "batch": batched,
        }

    def caller(self) -> tuple[Work, Work]:
        return self.connection()

    def connection(self) -> tuple[Work, Work]:
        connection = rpyc.classic.connect("127.0.0.1", self._port)
        return connection.modules.benched.Benched().null, connection.close
