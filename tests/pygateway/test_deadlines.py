"""Deadlines that shrink along a chain, calls that are given up, and what an object learns of its connection."""

from __future__ import annotations

import itertools
import os
import socket
import time
from collections.abc import Callable
from typing import Any

import pytest

import pygateway
from pygateway import DeadlineExceeded, Gateway, GatewayError, deadline, remaining

_names = itertools.count()


@pytest.fixture
def timely(gateway: Gateway) -> Any:
    return gateway.new("timely.Timely")


@pytest.fixture
def name() -> str:
    """A name for events of this test alone."""
    return f"{os.getpid()} {next(_names)}"


def test_a_call_that_is_not_answered_in_time_ends_and_the_gateway_goes_on(gateway: Gateway, name: str) -> None:
    slow, quick = gateway.new("timely.Timely"), gateway.new("timely.Timely")
    begun = time.monotonic()
    with pytest.raises(DeadlineExceeded), deadline(0.1):
        slow.wait(name, name + " end")
    assert 0.1 <= time.monotonic() - begun < 5
    assert quick.add() == 1
    quick.happen(name + " end")
    assert slow.add() == 1, "the late answer is not taken for another's"
    assert gateway.connected


def test_a_call_that_is_answered_in_time_is_as_any_other(timely: Any) -> None:
    with deadline(10):
        assert (timely.add(), timely.add()) == (1, 2)
        assert timely.remaining_through(lambda: 5)[1] == 5
        with pytest.raises(AttributeError):
            timely.missing()
    assert timely.add() == 3


def test_an_object_knows_the_time_that_its_caller_has_left(timely: Any) -> None:
    assert timely.remaining() is None
    with deadline(8):
        assert 7 < timely.remaining() <= 8
    assert timely.remaining() is None
    assert remaining() is None


def test_the_time_shrinks_along_a_chain_and_never_grows(gateway: Gateway) -> None:
    a, b = gateway.new("timely.Timely"), gateway.new("timely.Timely")

    def callback() -> Any:
        with deadline(1000):
            return remaining(), b.remaining_through(a.remaining)

    with deadline(8):
        left = remaining()
        in_a, (in_callback, (in_b, in_a_again)) = a.remaining_through(callback)
    assert left is not None
    # A deadline travels in whole milliseconds, rounded up.
    assert all(later <= earlier + 0.002 for earlier, later in itertools.pairwise([left, in_a, in_callback, in_b]))
    assert in_a_again <= in_b + 0.002


def test_a_deadline_within_another_lasts_no_longer_than_the_outer_one() -> None:
    with deadline(5), deadline(1000):
        assert remaining() <= 5
    with deadline(1000):
        with deadline(5):
            assert remaining() <= 5
        assert remaining() > 5
    assert remaining() is None


@pytest.mark.parametrize("seconds", [0, -1, float("nan")])
def test_a_deadline_that_is_no_time_is_refused(seconds: float) -> None:
    with pytest.raises(ValueError, match="positive number of seconds"):
        deadline(seconds)


def test_a_deadline_that_has_passed_lets_no_call_begin(timely: Any) -> None:
    with deadline(0.001):
        while remaining():
            pass
        with pytest.raises(DeadlineExceeded):
            timely.add()
    assert timely.add() == 1


def test_a_callback_that_takes_too_long_ends_the_call(timely: Any) -> None:
    def late() -> None:
        while remaining():
            pass

    with pytest.raises(DeadlineExceeded), deadline(0.05):
        timely.remaining_through(late)
    assert timely.add() == 1


def test_a_call_given_up_within_a_callback_ends_the_whole_chain(gateway: Gateway, name: str) -> None:
    outer, inner = gateway.new("timely.Timely"), gateway.new("timely.Timely")
    with pytest.raises(DeadlineExceeded), deadline(0.1):
        outer.remaining_through(lambda: inner.wait(name, name + " end"))
    gateway.new("timely.Timely").happen(name + " end")
    assert (outer.add(), inner.add()) == (1, 1)


def test_an_object_learns_that_its_call_was_given_up(gateway: Gateway, timely: Any, name: str) -> None:
    assert timely.cancelled() is False
    with pytest.raises(DeadlineExceeded), deadline(0.1):
        timely.until_cancelled(name, name + " ended")
    assert gateway.invoke("timely.", "happened", name + " ended") is True


def test_an_object_learns_that_its_host_is_gone(own_server: Any, host_program: Callable[..., Any], name: str) -> None:
    host = host_program(
        own_server,
        f"timely = gateway.new('timely.Timely')\n"
        f"threading.Thread(target=lambda: (gateway.invoke('timely.', 'happened', {name!r}), say('begun'))).start()\n"
        f"timely.until_cancelled({name!r}, 'ended')\n",
    )
    assert host.line() == "begun"
    host.process.kill()
    with own_server.connect() as gateway:
        assert gateway.invoke("timely.", "happened", "ended") is True


def test_a_call_that_was_given_up_before_its_turn_is_never_run(
    gateway: Gateway, together: Callable[..., Any], name: str
) -> None:
    timely = gateway.new("timely.Timely")

    def long_call() -> None:
        timely.wait(name, name + " end")

    def waits_in_vain() -> None:
        gateway.invoke("timely.", "happened", name)
        with pytest.raises(DeadlineExceeded), deadline(0.1):
            timely.add()
        gateway.new("timely.Timely").happen(name + " end")

    together(long_call, waits_in_vain)
    assert timely.count == 0


def test_an_interrupt_of_a_call_given_up_does_not_end_a_later_one(gateway: Gateway, name: str) -> None:
    """The object shrugs the interrupt off, and then the deadline passes; the interrupt must not come again later."""

    class Interrupt(BaseException):
        pass

    def interrupts() -> None:
        raise Interrupt

    stubborn, other = gateway.new("timely.Timely"), gateway.new("timely.Timely")
    with pytest.raises((Interrupt, DeadlineExceeded)), deadline(0.2):
        stubborn.call_then_wait(interrupts, name)
    assert other.add() == 1
    other.happen(name)
    assert stubborn.seen == "Interrupt"


def test_calls_given_up_leave_no_streams_behind(own_server: Any, until: Callable[..., Any]) -> None:
    with own_server.connect() as gateway:
        helper = gateway.new("timely.Timely")
        helper.add()
        before = own_server.descriptors()
        for number in range(10):
            slow = gateway.new("timely.Timely")
            with pytest.raises(DeadlineExceeded), deadline(0.02):
                slow.wait(f"begun {number}", f"end {number}")
            helper.happen(f"end {number}")
            del slow
        until(lambda: helper.add() and own_server.descriptors() <= before + 12, own_server.descriptors)
        until(lambda: gateway.ping()["objects"] == 1, gateway.ping)


def test_a_frame_that_announces_a_deadline_and_has_none_is_a_protocol_error(shared_server: Any) -> None:
    from pygateway.frames import CALL, DEADLINE, ERROR, WELCOME, FrameReader, pack
    from pygateway.handshake import OPEN, message, split

    with socket.create_connection(("127.0.0.1", shared_server.port), 10) as sock:
        sock.sendall(message(OPEN, "r=abc"))
        sock.sendall(b"".join(pack(CALL, DEADLINE, 7, 0, 0, b"abc")))
        data, reader, kinds = b"", FrameReader(), []
        while (parts := split(data)) is None:
            data += sock.recv(1000)
        frame = reader.take(parts[2]) if parts[2] else None
        while ERROR not in kinds:
            if frame is not None:
                kinds.append(frame[0])
                last = frame
                frame = reader.next_frame()
            else:
                frame = reader.take(sock.recv(1000))
    assert kinds == [WELCOME, ERROR]
    assert last[2] == 7
    assert b"ProtocolError" in last[5]


# What an object learns of its connection.


def test_an_object_knows_its_peer(timely: Any) -> None:
    assert timely.peer().startswith("127.0.0.1:")


def test_objects_use_what_the_host_exported(gateway: Gateway, timely: Any) -> None:
    mine: list[int] = []
    gateway.export("log", mine.append)
    gateway.export("list", mine)
    assert timely.use_exported("log", 5) is None
    assert mine == [5]
    assert timely.exported("list") is mine
    with pytest.raises(KeyError, match="nothing"):
        timely.use_exported("nothing")


def test_objects_of_one_connection_share_values_and_those_of_another_do_not(
    shared_server: Any, gateway: Gateway
) -> None:
    one, two = gateway.new("timely.Timely"), gateway.new("timely.Timely")
    one.share("key", 5)
    assert two.shared("key") == 5
    with shared_server.connect() as other:
        assert other.new("timely.Timely").shared("key") is None


def test_there_is_no_context_where_no_call_runs(timely: Any) -> None:
    assert "no call of a gateway runs on this thread" in timely.context_elsewhere()
    with pytest.raises(GatewayError, match="no call of a gateway"):
        pygateway.context()
