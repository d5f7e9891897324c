"""Peers that give no sign of life any more, though nothing closed the connection."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pygateway import ConnectionLost, aio

Until = Callable[..., Any]
SHORTLY = (1.0, 1.0)


@pytest.fixture
def frozen(own_server: Any) -> Iterator[Callable[[], None]]:
    """Stop the server with SIGSTOP; it goes on at the end of the test."""
    yield lambda: os.kill(own_server.process.pid, signal.SIGSTOP)
    os.kill(own_server.process.pid, signal.SIGCONT)


def test_a_server_that_is_stopped_by_a_signal_fails_every_waiting_call(
    own_server: Any, frozen: Callable[[], None], together: Callable[..., list[Any]]
) -> None:
    gateway = own_server.connect(heartbeat=SHORTLY)
    events = [gateway.new("threading.Event") for _ in range(3)]

    def wait(event: Any) -> None:
        with pytest.raises(ConnectionLost, match="no sign of life within 1 s"):
            event.wait()

    threading.Timer(0.1, frozen).start()
    together(*(lambda event=event: wait(event) for event in events))
    with pytest.raises(ConnectionLost, match="no sign of life"):
        gateway.ping()


def test_a_server_that_is_busy_gives_signs_of_life(own_server: Any) -> None:
    """The wait is longer than interval and time-out together."""
    with own_server.connect(heartbeat=(1.0, 0.5)) as gateway:
        began = time.monotonic()
        assert gateway.new("threading.Event").wait(3.5) is False
        assert time.monotonic() - began > 3


def test_whoever_wants_to_wait_for_ever_is_not_disturbed(own_server: Any, frozen: Callable[[], None]) -> None:
    with own_server.connect(heartbeat=(0, 0)) as gateway:
        event = gateway.new("threading.Event")
        frozen()
        go_on = threading.Timer(3.0, os.kill, (own_server.process.pid, signal.SIGCONT))
        go_on.start()
        assert event.wait(0.1) is False


def test_tasks_that_wait_for_a_server_that_is_stopped_by_a_signal_fail(
    own_server: Any, frozen: Callable[[], None]
) -> None:
    async def host() -> None:
        gateway = await aio.connect("127.0.0.1", own_server.port, heartbeat=SHORTLY, streams=2)
        events = [await gateway.new("threading.Event") for _ in range(4)]
        waits = [asyncio.ensure_future(event.wait()) for event in events]
        asyncio.get_running_loop().call_later(0.1, frozen)
        for result in await asyncio.gather(*waits, return_exceptions=True):
            assert isinstance(result, ConnectionLost)
            assert "no sign of life within 1 s" in str(result)

    asyncio.run(host())


def test_tasks_that_wait_for_a_busy_server_go_on(own_server: Any) -> None:
    async def host() -> None:
        async with aio.connect("127.0.0.1", own_server.port, heartbeat=(1.0, 0.5), streams=1) as gateway:
            event = await gateway.new("threading.Event")
            assert await event.wait(3.5) is False
            assert await gateway.ping()

    asyncio.run(host())


class Link:
    """A host's machine and a server's, as network namespaces, and a cable between the two."""

    def __init__(self, ends: contextlib.ExitStack) -> None:
        tag = f"pg{os.getpid()}"
        self.host, self.server = f"{tag}h", f"{tag}s"
        for name in (self.host, self.server):
            self._ip("netns", "add", name)
            ends.callback(self._ip, "netns", "del", name)
        self._ip(
            "link", "add", "cable", "netns", self.host, "type", "veth", "peer", "name", "cable", "netns", self.server
        )
        for number, name in enumerate((self.host, self.server), 1):
            self._ip("-n", name, "addr", "add", f"10.77.0.{number}/24", "dev", "cable")
            self._ip("-n", name, "link", "set", "cable", "up")
            self._ip("-n", name, "link", "set", "lo", "up")

    @staticmethod
    def _ip(*words: str) -> None:
        subprocess.run(["ip", *words], check=True, capture_output=True)

    def cut(self) -> None:
        """Unplug the cable: what is sent arrives nowhere, and nobody is told."""
        self._ip("-n", self.host, "link", "set", "cable", "down")


@pytest.fixture
def link() -> Iterator[Link]:
    with contextlib.ExitStack() as ends:
        try:
            made = Link(ends)
        except (OSError, subprocess.CalledProcessError) as error:
            pytest.skip(f"no network namespaces can be made here: {error}")
        yield made


HOST = """
import sys, pygateway
gateway = pygateway.Gateway.connect("10.77.0.2", int(sys.argv[1]), heartbeat=(1.0, 2.0))
idle = [gateway.new("threading.Event") for _ in range(5)]
print("holds", flush=True)
if sys.argv[2] == "waits":
    try:
        idle[0].wait()
    except pygateway.ConnectionLost as error:
        print("lost:", error, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def machines(
    link: Link, package: Any, until: Until, tmp_path: Path
) -> Iterator[Callable[[str], tuple[Any, Callable[[], Any]]]]:
    """A server on one machine and a host on the other; the host's process, and what tells the server's figures.

    Neither ends a thread by an error.
    """
    processes = []
    said = tmp_path / "said"

    def begin(*command: str, inside: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            ["ip", "netns", "exec", inside, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env={**os.environ, "PYTHONPATH": str(package.parent)},
        )
        processes.append(process)
        return process

    def run(how: str) -> tuple[Any, Callable[[], Any]]:
        options = ["--insecure", "--heartbeat-interval", "1", "--heartbeat-failure-timeout", "2"]
        local = f"/tmp/{link.server}.sock"
        server = begin(
            sys.executable, str(package), "0", "--host", "10.77.0.2", "--local", local, *options, inside=link.server
        )
        assert server.stdout is not None
        port = server.stdout.readline().split()[-1]
        host = begin(sys.executable, "-c", HOST, port, how, inside=link.host)
        assert host.stdout is not None
        assert host.stdout.readline() == "holds\n"

        def figures() -> Any:
            from pygateway import Gateway

            with Gateway.connect("10.77.0.2", int(port), local=local) as gateway:
                return gateway.ping()

        return host, figures

    with said.open("a") as errors:
        yield run
    for process in processes:
        process.kill()
        process.communicate()
    assert said.read_text() == ""


@pytest.mark.parametrize("how", ["is idle", "waits"])
def test_a_host_whose_machine_vanishes_frees_its_objects_and_threads(
    machines: Callable[[str], tuple[Any, Callable[[], Any]]], link: Link, until: Until, how: str
) -> None:
    host, figures = machines(how)
    assert figures()["objects"] == 5
    threads = figures()["threads"]
    link.cut()
    until(lambda: figures()["objects"] == 0, figures)
    until(lambda: figures()["threads"] <= threads - 5 or how == "waits", figures)
    until(lambda: figures()["connections"] == 1, figures)  # the one that asks
    if how == "waits":
        assert "lost: 10.77.0.2" in host.stdout.readline()
