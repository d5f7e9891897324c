"""Hosts that come and go at a live server, one in ten of them killed, until it has served a million calls.

`python tests/endurance/soak.py [CALLS]`: so many calls, a tenth as many objects, a hundredth as many connections. It
fails if the server's threads, descriptors, objects or connections do not end where they began, or its memory grows.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time

import served

CALLS = 1_000_000
HOSTS = 100
"""Host processes of a run; two at a time."""
KILLED = 10
"""One in so many is killed."""
WARM = 0.1
"""The part of the run after which the server's memory is what it is measured against."""
SPARE = 8
"""Descriptors that threads which waited for streams leave to those that will."""
GROWTH = 16 << 20
"""Bytes by which it may have grown since."""

HOST = """
import sys, pygateway
port, secret, connections, objects, calls = int(sys.argv[1]), sys.argv[2], *map(int, sys.argv[3:])
for number in range(connections):
    with pygateway.Gateway.connect("127.0.0.1", port, secret) as gateway:
        for _ in range(objects):
            made = gateway.new("collections.deque", [number], 100)
            for count in range(calls):
                made.append(count)
        print(objects * (calls + 1), objects, 1, flush=True)
"""


class Totals:
    """What the hosts have done: what each says of a connection that it ended."""

    def __init__(self) -> None:
        self.calls = self.objects = self.connections = self.killed = self.hosts = 0

    def add(self, lines: str) -> None:
        for line in lines.splitlines():
            calls, objects, connections = map(int, line.split())
            self.calls += calls
            self.objects += objects
            self.connections += connections

    def __str__(self) -> str:
        return (
            f"{self.calls} calls, {self.objects} objects, {self.connections} connections, "
            f"{self.hosts} hosts of which {self.killed} were killed"
        )


def host(port: int, connections: int) -> subprocess.Popen[str]:
    """A host with so many connections, one after another: ten objects each, nine calls and one to make it."""
    environment = {**os.environ, "PYTHONPATH": str(served.PACKAGE.parent)}
    command = [sys.executable, "-c", HOST, str(port), served.PASSPHRASE, str(connections), "10", "9"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def rounds(port: int, hosts: int, connections: int, totals: Totals, chance: random.Random) -> None:
    """Pairs of hosts at once; one in KILLED is killed at any point of its work."""
    for _ in range(max(1, hosts // 2)):
        pair = [host(port, connections) for _ in range(2)]
        for each in pair:
            totals.hosts += 1
            if totals.hosts % KILLED == 0:
                assert each.stdout is not None
                for _ in range(chance.randrange(connections)):
                    totals.add(each.stdout.readline())
                each.send_signal(signal.SIGKILL)
                totals.killed += 1
        for each in pair:
            totals.add(each.communicate()[0])


def run(calls: int, seed: int = 1) -> str:
    """Run it; what it did, as text. Raises AssertionError."""
    hosts = max(2 * KILLED, min(HOSTS, calls // 5000))
    connections = max(1, calls // 100 // hosts)
    totals, chance = Totals(), random.Random(seed)
    with served.server() as live:
        first = live.use(lambda use: use.connections == 1)
        began = time.monotonic()
        rounds(live.port, int(hosts * WARM), connections, totals, chance)
        warm = live.use(lambda use: (use.connections, use.objects) == (1, 0))
        while totals.calls < calls:
            rounds(live.port, 2, connections, totals, chance)
        seconds = time.monotonic() - began
        assert live.process.poll() is None, "the server ended"
        last = live.use(
            lambda use: (
                (use.connections, use.objects) == (1, 0)
                and use.threads <= first.threads
                and use.descriptors <= first.descriptors + SPARE
            )
        )
    assert (last.connections, last.objects) == (1, 0), f"kept: {last}"
    assert last.threads <= first.threads, f"{first} to {last}"
    assert last.descriptors <= first.descriptors + SPARE, f"{first} to {last}"
    assert last.memory <= warm.memory + GROWTH, f"{warm} to {last}"
    return f"{totals}, in {seconds:.0f} s\n  server before: {first}\n  warm:          {warm}\n  server after:  {last}"


if __name__ == "__main__":
    print(run(int(sys.argv[1]) if len(sys.argv) > 1 else CALLS))
