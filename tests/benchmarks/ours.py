"""The gateway connection, over TCP and over the local socket."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path

from contestant import Contestant, Work, started

from pygateway import Gateway
from pygateway import __file__ as package

BENCHED = Path(__file__).with_name("benched.py")
CALLBACKS = 100
BATCHED = 1000


class Host:
    """What is called back."""

    def null(self) -> None:
        return None


class Ours(Contestant):
    """One gateway; each further thread calls an object of its own through it."""

    def __init__(self, ends: ExitStack, port: int, local: str | None, payload: bytes) -> None:
        super().__init__()
        self.name = "TCP" if local is None else "local"
        self._port, self._local = port, local
        self._gateway = gateway = Gateway.connect("127.0.0.1", port, local=local)
        ends.callback(gateway.disconnect)
        gateway.add_to_class_path(str(BENCHED))
        one, other, host = gateway.new("benched.Benched"), gateway.new("benched.Benched"), Host()
        null, three, echo, turn = one.null, one.three, one.echo, [one.null, other.null]
        items, numbers = one.items(), tuple(range(10_000))

        def set_value() -> None:
            one.value = 7

        def in_turn() -> None:
            turn.reverse()
            turn[0]()

        def batched() -> None:
            with gateway.batch() as batch:
                answers = [batch(null) for _ in range(BATCHED)]
            assert all(answer.result() is None for answer in answers)

        def iterate() -> None:
            assert sum(1 for _ in items) == len(numbers)

        self.works = {
            "null": null,
            "get": lambda: one.value,
            "set": set_value,
            "three": lambda: three("George", 99, 3.5),
            "in turn": in_turn,
            "new": lambda: gateway.new("benched.Benched"),
            "callback": lambda: one.call_back(host, CALLBACKS),
            "ints": lambda: echo(numbers),
            "bytes": lambda: echo(payload),
            "iterate": iterate,
            "batch": batched,
        }

    def caller(self) -> tuple[Work, Work]:
        return self._gateway.new("benched.Benched").null, lambda: None

    def connection(self) -> tuple[Work, Work]:
        gateway = Gateway.connect("127.0.0.1", self._port, local=self._local, timeout=60)
        return gateway.new("benched.Benched").null, gateway.disconnect


def ours(ends: ExitStack, folder: Path, payload: bytes) -> list[Contestant]:
    """Both, to one server."""
    local = str(folder / "gateway.sock")
    port = int(started(ends, sys.executable, str(Path(package).parent), "0", "--local", local)[-1])
    return [Ours(ends, port, None, payload), Ours(ends, port, local, payload)]
