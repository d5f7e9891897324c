"""Gateways that were asked to reconnect: after a restart of the server, after its end, and in a forked child."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pygateway import ConnectError, ConnectionLost, DeadlineExceeded, Gateway, deadline

Start = Callable[..., Any]


@pytest.fixture
def restart(own_server: Any, start_server: Start) -> Callable[[], Any]:
    """Kill the server, and start another on the same port."""
    servers = [own_server]

    def restarting() -> Any:
        port = servers[-1].port
        servers[-1].signal(signal.SIGKILL)
        servers[-1].ended()
        servers.append(start_server(port=port))
        assert servers[-1].port == port
        return servers[-1]

    return restarting


@pytest.fixture
def lasting(own_server: Any) -> Iterator[Gateway]:
    with own_server.connect(reconnect=True) as gateway:
        yield gateway


USES: dict[str, Callable[[Gateway], Any]] = {
    "new": lambda gateway: len(gateway.new("builtins.list", [1])),
    "invoke": lambda gateway: gateway.invoke("builtins.", "len", [1]),
    "get": lambda gateway: gateway.get("sys.", "version_info")[0],
    "set": lambda gateway: gateway.set("sys.", "a_value", 1),
    "ping": lambda gateway: gateway.ping()["objects"],
    "export": lambda gateway: gateway.export("name", print),
    "add_to_class_path": lambda gateway: gateway.add_to_class_path("/"),
    "batch": lambda gateway: gateway.batch().send(),
}


@pytest.mark.parametrize("use", USES)
def test_a_gateway_finds_a_restarted_server_at_its_next_use(lasting: Gateway, restart: Start, use: str) -> None:
    before = lasting.server["pid"]
    server = restart()
    USES[use](lasting)
    assert lasting.connected
    assert lasting.server["pid"] == server.pid != before


@pytest.mark.parametrize("use", [use for use in USES if use != "batch"])
def test_a_gateway_that_was_not_asked_to_stays_lost(own_server: Any, restart: Start, use: str) -> None:
    gateway = own_server.connect()
    restart()
    for _ in range(2):
        with pytest.raises(ConnectionLost):
            USES[use](gateway)
    assert not gateway.connected


def test_the_class_path_and_the_exports_are_those_from_before(lasting: Gateway, restart: Start) -> None:
    mine: list[int] = []
    lasting.export("log", mine.append)
    restart()
    lasting.new("timely.Timely").use_exported("log", 5)
    assert mine == [5]


def test_a_proxy_of_the_old_connection_is_no_object_of_the_new_one(lasting: Gateway, restart: Start) -> None:
    old = lasting.new("builtins.list", [1, 2, 3])
    restart()
    new = lasting.new("builtins.list", [4])
    assert old._number == new._number, "both servers number from the beginning"
    for use in (lambda: len(old), lambda: old.append(5), lambda: lasting.batch()(old.append, 5)):
        with pytest.raises((ConnectionLost, TypeError), match=r"belongs to a(nother)? connection"):
            use()
    assert list(new) == [4]


def test_an_old_proxy_that_is_passed_to_the_new_server_reaches_nothing_there(lasting: Gateway, restart: Start) -> None:
    old = lasting.new("builtins.list", [1, 2, 3])
    restart()
    new = lasting.new("builtins.list", [4])
    with pytest.raises(ConnectionLost, match="belongs to a connection that ended"):
        new.extend(old)
    assert list(new) == [4]


def test_a_request_that_may_have_been_served_is_not_sent_again(
    own_server: Any, start_server: Start, lasting: Gateway, together: Callable[..., list[Any]]
) -> None:
    waiter = lasting.new("threaded.Waiter")

    def waits() -> None:
        with pytest.raises(ConnectionLost):
            waiter.wait("begun", "never")
        with pytest.raises(ConnectionLost):
            waiter.wait("begun", "never")

    def kills() -> None:
        assert lasting.invoke("threaded.", "wait_for", "begun")
        own_server.signal(signal.SIGKILL)

    together(waits, kills)
    start_server(port=own_server.port)
    assert lasting.ping()["objects"] == 0


def test_while_no_server_is_there_each_use_says_so_and_the_first_after_it_works(
    own_server: Any, start_server: Start, lasting: Gateway
) -> None:
    own_server.signal(signal.SIGTERM)
    own_server.ended()
    for _ in range(2):
        with pytest.raises(ConnectError, match="is it started"):
            lasting.new("builtins.list")
    start_server(port=own_server.port)
    assert len(lasting.new("builtins.list", [1])) == 1


def test_a_class_path_that_is_gone_is_said_and_no_half_made_connection_stays(
    lasting: Gateway, restart: Start, tmp_path: Any
) -> None:
    (tmp_path / "going.py").write_text("")
    lasting.add_to_class_path(tmp_path / "going.py")
    (tmp_path / "going.py").unlink()
    server = restart()
    with pytest.raises(Exception, match="there is no such file"):
        lasting.ping()
    (tmp_path / "going.py").write_text("")
    assert lasting.ping()["connections"] <= 2
    assert server.figures()["pid"] == lasting.server["pid"]


def test_after_disconnect_nothing_is_connected_anew(lasting: Gateway) -> None:
    lasting.disconnect()
    with pytest.raises(ConnectionLost, match="disconnected"):
        lasting.ping()


def test_many_threads_share_one_new_connection(
    lasting: Gateway, restart: Start, together: Callable[..., list[Any]]
) -> None:
    server = restart()
    together(*[lambda: lasting.new("builtins.list").append(1)] * 8)
    assert server.figures()["connections"] == 2, "theirs, and the one that asks"


def test_a_thread_without_a_stream_learns_of_the_restart_when_it_opens_one(
    lasting: Gateway, restart: Start, together: Callable[..., list[Any]]
) -> None:
    """The only stream is that of a call whose callback runs, so nobody has seen its end."""

    def in_the_callback() -> None:
        restart()
        objects.extend(together(lambda: lasting.ping()["objects"]))

    objects: list[int] = []
    with pytest.raises(ConnectionLost):
        lasting.new("threaded.Caller").call(in_the_callback)
    assert objects == [0]


def test_a_deadline_holds_while_a_server_is_looked_for(lasting: Gateway, restart: Start) -> None:
    restart()
    with deadline(20):
        assert lasting.ping()["objects"] == 0
    with pytest.raises(DeadlineExceeded), deadline(0.05):
        lasting.new("threaded.Waiter").wait("begun", "never")
    assert lasting.ping()["pid"] == lasting.server["pid"]


@pytest.mark.parametrize("version", ["3.6", "3.11"])
def test_a_forked_child_connects_anew_and_its_parent_goes_on(
    own_server: Any, package: Any, interpreter: Callable[[str], str], version: str
) -> None:
    text = (
        "import os, sys, pygateway\n"
        "gateway = pygateway.Gateway.connect('127.0.0.1', int(sys.argv[1]), reconnect=True)\n"
        "kept = gateway.new('builtins.list', [1, 2, 3])\n"
        "def say(*words): print(*words, flush=True)\n"
        "pid = os.fork()\n"
        "if not pid:\n"
        "    try:\n"
        "        try: len(kept)\n"
        "        except pygateway.ConnectionLost as error: say('refused:', error)\n"
        "        say('anew:', len(gateway.new('builtins.list', [1])))\n"
        "        try: len(kept)\n"
        "        except pygateway.ConnectionLost as error: say('refused:', error)\n"
        "    finally: os._exit(0)\n"
        "os.waitpid(pid, 0)\n"
        "say('parent:', len(kept), gateway.connected)\n"
    )
    command = [interpreter(version), "-c", text, str(own_server.port)]
    told = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(package.parent)}, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert "the process that forked" in told[0]
    assert told[1] == "anew: 1"
    assert "belongs to a connection that ended" in told[2]
    assert told[3] == "parent: 3 True"
