"""What the gateway monitor costs: calls through it beside the same calls on a connection of one's own, interleaved."""

from __future__ import annotations

import statistics
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from contestant import started
from ours import BENCHED
from rows import lap

from pygateway import Gateway
from pygateway import __file__ as package

ROUNDS, LAPS = 15, 400
BAR = 1.8


def rows() -> list[tuple[str, float, float, bool | None]]:
    """Name, seconds of a direct call, the monitor's multiple of it, and whether it is within the bar, if it has one."""
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory()))
        server, local, shared = str(Path(package).parent), str(folder / "server.sock"), str(folder / "monitor.sock")
        port = int(started(ends, sys.executable, server, "0", "--local", local)[-1])
        started(
            ends,
            *(sys.executable, server, "monitor", "127.0.0.1", str(port)),
            *("--local", shared, "--server-local", local),
        )
        gateways = [
            ends.enter_context(Gateway.connect("127.0.0.1", port, local=path)) for path in (None, local, shared)
        ]
        gateways[0].add_to_class_path(str(BENCHED))
        objects = [gateway.new("benched.Benched") for gateway in gateways]
        works = {
            "null call": [one.null for one in objects],
            'call with ("George", 99, 3.5)': [lambda one=one: one.three("George", 99, 3.5) for one in objects],
            "new": [lambda gateway=gateway: gateway.new("benched.Benched") for gateway in gateways],
        }
        found = []
        for name, each in works.items():
            laps = [[lap(work, LAPS) for work in each] for _ in range(ROUNDS)]
            tcp, direct, through = (statistics.median(column) for column in zip(*laps, strict=True))
            null = name == "null call"
            found.append(
                (f"{name}, to the local socket", direct, through / direct, through / direct <= BAR if null else None)
            )
            found.append((f"{name}, to TCP", tcp, through / tcp, None))
    return found


def show(title: str) -> None:
    """Measure and print."""
    print(f"\n{title}: the gateway monitor, as a multiple of a direct call; bar {BAR:g}")
    for name, seconds, ratio, met in rows():
        verdict = "" if met is None else "met" if met else "missed"
        print(f"  {name:50} {seconds * 1e6:8.1f} us {ratio:6.2f}  {verdict}".rstrip(), flush=True)


if __name__ == "__main__":
    show("calls")
