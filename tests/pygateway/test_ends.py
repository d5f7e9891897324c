"""Hosts and servers that end, softly or by a kill: what the other side is told, and that nothing stays behind."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import pygateway
from pygateway import ConnectionLost, Gateway

Together = Callable[..., list[Any]]
Until = Callable[..., Any]


def connects(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 5).close()
    except OSError:
        return False
    return True


# The server ends.


def test_a_killed_server_ends_the_calls_that_wait_for_it_promptly(own_server: Any, together: Together) -> None:
    gateway = own_server.connect()
    waiters = [gateway.new("threaded.Waiter") for _ in range(3)]

    def waits(number: int) -> float:
        with pytest.raises(ConnectionLost, match=r"peer|connection"):
            waiters[number].wait(f"begun {number}", "never")
        return time.monotonic()

    def kills() -> float:
        for number in range(3):
            assert gateway.invoke("threaded.", "wait_for", f"begun {number}")
        own_server.signal(signal.SIGKILL)
        return time.monotonic()

    *ended, killed = together(*[lambda n=n: waits(n) for n in range(3)], kills)
    assert max(ended) - killed < 2
    assert not gateway.connected


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_later_use_of_a_server_that_ended_is_a_lost_connection(own_server: Any, number: int) -> None:
    gateway = own_server.connect()
    remote = gateway.new("builtins.list")
    own_server.signal(number)
    own_server.ended()
    uses: list[Callable[[], Any]] = [
        lambda: len(remote),
        gateway.ping,
        lambda: gateway.new("builtins.list"),
        lambda: pygateway.value(remote),
    ]
    for use in uses * 2:
        with pytest.raises(ConnectionLost):
            use()
    assert not gateway.connected
    assert "not connected" in repr(gateway)
    gateway.disconnect()


def test_a_proxy_of_a_lost_connection_can_be_shown_and_dropped(own_server: Any) -> None:
    gateway = own_server.connect()
    remote = gateway.new("builtins.list")
    own_server.signal(signal.SIGKILL)
    own_server.ended()
    assert "list" in repr(remote)
    del remote
    gc.collect()


def test_a_killed_server_is_noticed_in_the_middle_of_a_callback(own_server: Any) -> None:
    gateway = own_server.connect()
    caller = gateway.new("threaded.Caller")

    def callback() -> str:
        own_server.signal(signal.SIGKILL)
        own_server.ended()
        return "too late"

    with pytest.raises(ConnectionLost):
        caller.call(callback)


def test_sigterm_lets_a_running_call_end_and_the_server_exits_well(own_server: Any, together: Together) -> None:
    gateway = own_server.connect()
    waiter = gateway.new("threaded.Waiter")

    def stops() -> None:
        assert gateway.invoke("threaded.", "wait_for", "begun")
        own_server.signal(signal.SIGTERM)
        while connects(own_server.port):
            pass
        with contextlib.suppress(ConnectionLost):  # a call that began after the stop may be cut off
            gateway.invoke("threaded.", "happen", "end")

    answer, _ = together(lambda: waiter.wait_and_return("begun", "end", "the answer"), stops)
    assert answer == "the answer"
    assert own_server.ended() == 0


@pytest.mark.parametrize("size", [10, 100_000, 64_000_000])
def test_sigterm_lets_the_whole_answer_of_a_running_call_arrive(
    own_server: Any, together: Together, tmp_path: Path, size: int
) -> None:
    """The answer may take a while to send: the stop waits for that too."""
    gateway = own_server.connect()
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    sizer = gateway.new("ends.Sizer")

    def stops() -> None:
        with gate.open("w"):  # opens when the call has opened its end: then the call runs
            own_server.signal(signal.SIGTERM)
            while connects(own_server.port):
                pass

    answer, _ = together(lambda: sizer.bytes_after(str(gate), size), stops)
    assert len(answer) == size
    assert own_server.ended() == 0


def test_sigterm_lets_a_running_call_call_back(own_server: Any) -> None:
    gateway = own_server.connect()
    caller = gateway.new("threaded.Caller")

    def callback() -> str:
        own_server.signal(signal.SIGTERM)
        while connects(own_server.port):
            pass
        return "called back"

    assert caller.call(callback) == "called back"
    assert own_server.ended() == 0


def test_a_call_that_outlasts_the_grace_is_cut_off(start_server: Callable[..., Any], together: Together) -> None:
    server = start_server("--grace", "0.2")
    gateway = server.connect()
    waiter = gateway.new("threaded.Waiter")

    def stops() -> None:
        assert gateway.invoke("threaded.", "wait_for", "begun")
        server.signal(signal.SIGTERM)

    def waits() -> None:
        with pytest.raises(ConnectionLost):
            waiter.wait("begun", "never")

    together(waits, stops)
    assert server.ended() == 0


# The host ends.


def without_objects(server: Any) -> Callable[[], bool]:
    """Whether the server's objects and connections are gone, as another connection sees it."""

    def gone() -> bool:
        figures = server.figures()
        return (figures["objects"], figures["connections"]) == (0, 1)

    return gone


def test_a_host_that_is_killed_while_idle_leaves_no_objects_and_no_threads(
    own_server: Any, host_program: Callable[..., Any], until: Until
) -> None:
    before = own_server.figures()["threads"]
    host = host_program(
        own_server,
        "kept = [gateway.new('threaded.Tracer') for _ in range(20)]\n"
        "threads = [threading.Thread(target=kept[n].called_on) for n in range(5)]\n"
        "for t in threads: t.start()\n"
        "for t in threads: t.join()\n"
        "say(gateway.ping()['objects'])\n"
        "sys.stdin.read()\n",
    )
    assert host.line() == "20"
    host.process.kill()
    until(without_objects(own_server), own_server.figures)
    until(lambda: own_server.figures()["threads"] <= before, own_server.figures)


def test_a_host_that_is_killed_while_its_call_runs_leaves_nothing_when_the_call_ends(
    own_server: Any, host_program: Callable[..., Any], until: Until
) -> None:
    before = own_server.figures()["threads"]
    host = host_program(
        own_server,
        "kept = [gateway.new('threaded.Waiter') for _ in range(10)]\n"
        "kept[0].touch()\n"
        "threading.Thread(target=lambda: (gateway.invoke('threaded.', 'wait_for', 'begun'), say('begun'))).start()\n"
        "kept[1].wait('begun', 'end')\n",
    )
    assert host.line() == "begun"
    host.process.kill()
    until(without_objects(own_server), own_server.figures)
    with own_server.connect() as other:
        other.invoke("threaded.", "happen", "end")
    until(lambda: own_server.figures()["threads"] <= before, own_server.figures)


def test_a_host_that_is_killed_in_a_callback_ends_the_objects_call(
    own_server: Any, host_program: Callable[..., Any], until: Until
) -> None:
    before = own_server.figures()["threads"]
    host = host_program(
        own_server,
        "inner, outer = gateway.new('threaded.Caller'), gateway.new('threaded.Caller')\n"
        "def stays(): say('in the callback'); sys.stdin.read(); threading.Event().wait()\n"
        "outer.call(lambda: inner.call(stays))\n",
    )
    assert host.line() == "in the callback"
    host.process.kill()
    until(without_objects(own_server), own_server.figures)
    until(lambda: own_server.figures()["threads"] <= before, own_server.figures)


def test_a_killed_host_harms_no_other(own_server: Any, host_program: Callable[..., Any]) -> None:
    with own_server.connect() as other:
        mine = other.new("builtins.list", [1])
        host = host_program(own_server, "kept = gateway.new('builtins.list', [2])\nsay('made')\nsys.stdin.read()")
        assert host.line() == "made"
        host.process.kill()
        host.process.wait(10)
        mine.append(3)
        assert pygateway.value(mine) == [1, 3]


def test_a_disconnected_gateway_leaves_no_objects_and_no_threads(own_server: Any, until: Until) -> None:
    before = own_server.figures()["threads"]
    with own_server.connect() as gateway:
        kept = [gateway.new("builtins.list") for _ in range(50)]
        assert gateway.ping()["objects"] == len(kept)
    until(without_objects(own_server), own_server.figures)
    until(lambda: own_server.figures()["threads"] <= before, own_server.figures)


def test_a_socket_is_not_closed_under_the_thread_that_uses_it(own_server: Any) -> None:
    """Else the next file that the program opens would have its number, and the thread would read what is another's."""
    gateway = own_server.connect()
    (stream,) = gateway._session._streams
    numbers: list[int] = []

    def disconnect(_: object) -> None:
        gateway.disconnect()
        with socket.socket() as another:
            numbers.append(another.fileno())

    with pytest.raises(ConnectionLost):
        gateway.new("builtins.map", disconnect, [()]).__next__()
    assert numbers[0] != stream.fd
    with pytest.raises(ConnectionLost):
        gateway.ping()
    assert stream.sock.fileno() == -1


def test_the_objects_of_an_ended_connection_are_let_go_on_their_own_threads(own_server: Any, until: Until) -> None:
    with own_server.connect() as watching:
        with own_server.connect() as gateway:
            kept = [gateway.new("ends.Mortal", number) for number in range(5)]
            homes = {number: mortal.home() for number, mortal in enumerate(kept)}
        died = watching.get("ends.", "died")
        until(lambda: len(died) == 5, lambda: pygateway.value(died))
        assert pygateway.value(died) == homes


def test_a_program_that_forgets_its_gateway_ends(own_server: Any, host_program: Callable[..., Any]) -> None:
    host = host_program(own_server, "kept = gateway.new('builtins.list')\nsay(len(kept))\n")
    assert host.finish() == ["0"]


# Forks.

FORKS = """
kept = gateway.new('builtins.list', [1, 2, 3])
def child():
    for use in (lambda: len(kept), gateway.ping, lambda: gateway.new('builtins.list')):
        try: say('worked:', use())
        except pygateway.ConnectionLost as error: say('refused:', error)
    another = pygateway.Gateway.connect('127.0.0.1', int(sys.argv[1]))
    say('anew:', len(another.new('builtins.list', [1])))
def fork():
    pid = os.fork()
    if not pid:
        try: child()
        finally: os._exit(0)
    os.waitpid(pid, 0)
"""


def test_a_forked_child_is_told_to_connect_anew_and_its_parent_goes_on(
    own_server: Any, host_program: Callable[..., Any]
) -> None:
    told = host_program(own_server, FORKS + "fork()\nsay('parent:', len(kept), gateway.connected)\n").finish()
    assert [line.partition(":")[0] for line in told] == ["refused"] * 3 + ["anew", "parent"]
    assert all("the process that forked" in line and "connect anew" in line for line in told[:3])
    assert told[3:] == ["anew: 1", "parent: 3 True"]


def test_a_fork_within_a_callback_leaves_the_chain_to_the_parent(
    own_server: Any, host_program: Callable[..., Any]
) -> None:
    told = host_program(
        own_server,
        FORKS + "caller = gateway.new('threaded.Caller')\n"
        "say('chain:', caller.call(lambda: fork() or len(kept)), gateway.connected)\n",
    ).finish()
    assert [line.partition(":")[0] for line in told] == ["refused"] * 3 + ["anew", "chain"]
    assert all("connect anew" in line for line in told[:3])
    assert told[4] == "chain: 3 True"


def test_a_child_process_that_ends_does_not_end_its_parents_connection(
    own_server: Any, host_program: Callable[..., Any]
) -> None:
    told = host_program(
        own_server,
        "import subprocess\nkept = gateway.new('builtins.list', [1])\n"
        "subprocess.run([sys.executable, '-c', ''], check=True, close_fds=False)\nsay(len(kept))\n",
    ).finish()
    assert told == ["1"]


# Nothing stays behind.


def test_dropped_proxies_release_their_objects(own_server: Any, until: Until) -> None:
    with own_server.connect() as gateway:
        kept = [gateway.new("builtins.list") for _ in range(10)]
        lost = [gateway.new("builtins.list") for _ in range(10)]
        assert gateway.ping()["objects"] == 20
        lost.clear()
        until(lambda: gateway.ping()["objects"] == len(kept), gateway.ping)


def test_proxies_dropped_in_a_cycle_release_their_objects(own_server: Any, until: Until) -> None:
    with own_server.connect() as gateway:
        for _ in range(10):
            cycle: list[Any] = [gateway.new("builtins.list")]
            cycle.append(cycle)
        del cycle
        gc.collect()
        until(lambda: gateway.ping()["objects"] == 0, gateway.ping)


def test_parts_that_are_read_again_and_again_are_released_as_often(own_server: Any, until: Until) -> None:
    with own_server.connect() as gateway:
        tracer = gateway.new("threaded.Caller")
        tracer.keep(gateway.new("builtins.list"))
        for _ in range(200):
            assert len(tracer.kept) == 0
        kept = tracer.kept
        assert all(tracer.kept is kept for _ in range(200))
        del kept
        until(lambda: gateway.ping()["objects"] == 1, gateway.ping)


def test_a_failed_constructor_leaves_no_thread(own_server: Any, until: Until) -> None:
    with own_server.connect() as gateway:
        remote = gateway.new("builtins.list")
        before = gateway.ping()["threads"]
        for _ in range(100):
            with pytest.raises(ValueError, match="invalid literal"):
                gateway.new("builtins.int", "x")
        until(lambda: len(remote) == 0 and gateway.ping()["threads"] <= before, gateway.ping)


def test_an_answer_that_was_too_large_holds_no_object(own_server: Any, until: Until) -> None:
    with own_server.connect() as gateway:
        with pytest.raises(pygateway.LimitError):
            gateway.invoke("ends.", "object_and_text", pygateway.frames.MAX_FRAME)
        until(lambda: gateway.ping()["objects"] == 0, gateway.ping)


def test_an_argument_that_was_too_large_holds_no_host_object(gateway: Gateway) -> None:
    caller = gateway.new("threaded.Caller")
    with pytest.raises(pygateway.LimitError):
        caller.ignore((object(), "x" * pygateway.frames.MAX_FRAME))
    assert not gateway._session.exports.by_number


def test_an_argument_that_can_not_be_copied_holds_no_host_object(gateway: Gateway) -> None:
    caller = gateway.new("threaded.Caller")
    endless: list[Any] = [object()]
    endless.append(endless)
    with pytest.raises(ValueError, match="contains itself"):
        caller.ignore(endless)
    assert not gateway._session.exports.by_number


def test_twenty_thousand_calls_and_two_thousand_objects_leave_nothing_behind(own_server: Any, until: Until) -> None:
    with own_server.connect() as gateway:
        remote = gateway.new("builtins.list")
        gateway.invoke("builtins.", "abs", 1)
        before = gateway.ping()
        descriptors = own_server.descriptors()
        for number in range(2000):
            gateway.new("builtins.list")
            for _ in range(5):
                remote.append(number)
                remote.pop()
        kept = [gateway.new("builtins.list") for _ in range(200)]
        assert gateway.ping()["threads"] >= len(kept)
        kept.clear()
        until(lambda: gateway.ping()["objects"] == before["objects"], gateway.ping)
        until(lambda: gateway.ping()["threads"] <= before["threads"], gateway.ping)
        until(lambda: own_server.descriptors() <= descriptors + 2, own_server.descriptors)
        assert len(gateway._session.exports.by_number) == 0


def test_two_hundred_connections_leave_nothing_behind(own_server: Any, until: Until) -> None:
    before, descriptors = own_server.figures(), own_server.descriptors()
    for _ in range(200):
        with Gateway.connect("127.0.0.1", own_server.port) as gateway:
            gateway.new("builtins.list").append(1)
    until(without_objects(own_server), own_server.figures)
    until(lambda: own_server.figures()["threads"] <= before["threads"], own_server.figures)
    until(lambda: own_server.descriptors() <= descriptors + 4, own_server.descriptors)


def test_many_streams_at_once_are_all_closed_with_their_connection(
    own_server: Any, together: Together, until: Until
) -> None:
    descriptors = own_server.descriptors()
    with own_server.connect() as gateway:
        meetings = [gateway.new("threaded.Meeting") for _ in range(30)]
        together(*[lambda m=m: m.meet("all", 30) for m in meetings])
    until(without_objects(own_server), own_server.figures)
    # What a thread needs to wait is kept for the next: some three descriptors for each thread that ever held a stream.
    until(lambda: own_server.descriptors() <= descriptors + 2 * 31 + 4, own_server.descriptors)


# Out of descriptors.


def test_a_server_out_of_descriptors_refuses_and_recovers(
    start_server: Callable[..., Any], tmp_path: Path, until: Until
) -> None:
    """With two listeners, since both have somebody at the door when accepting has to rest."""
    local, log = tmp_path / "socket", tmp_path / "log"
    server = start_server("--local", local, "--log-file", log, preexec_fn=lambda: limit_descriptors(40))
    crowd = []
    for number in range(60):
        kind = socket.AF_INET if number % 2 else socket.AF_UNIX
        crowd.append(socket.socket(kind))
        crowd[-1].connect(("127.0.0.1", server.port) if number % 2 else str(local))
    until(lambda: log.read_text().count("accepting rests") >= 3 or server.process.poll() is not None)
    for one in crowd:
        one.close()
    until(lambda: serves(server), server.said)


def serves(server: Any) -> bool:
    """Whether the server answers; it must not have ended."""
    assert server.process.poll() is None, server.said()
    try:
        return bool(server.figures()["connections"] == 1)
    except pygateway.GatewayError:
        return False


def test_a_thread_that_gets_no_descriptors_ends_the_connection_rather_than_hang_it(
    start_server: Callable[..., Any], together: Together, until: Until
) -> None:
    server = start_server(preexec_fn=lambda: limit_descriptors(40))
    gateway = server.connect()
    meetings = [gateway.new("threaded.Meeting") for _ in range(40)]

    def meets(meeting: Any) -> bool:
        try:
            meeting.meet("never complete", 41)
        except (pygateway.GatewayError, RuntimeError, OSError):
            return True
        return False

    together(*[lambda m=m: meets(m) for m in meetings])
    gateway.disconnect()
    until(lambda: serves(server), server.said)


def limit_descriptors(most: int) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
