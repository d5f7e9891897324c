"""What neither side can reach at the other: frames, code, tracebacks, names with an underscore, others' objects."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from typing import Any

import pytest

from pygateway import Gateway, GatewayError, NotReachable, ReleasedError
from pygateway.frames import CALL, COPY, GET, NAMED


@pytest.fixture
def made(gateway: Gateway) -> Any:
    return gateway.new("fenced.Fenced")


@pytest.mark.parametrize("method", ["frame", "code"])
def test_frames_and_code_are_given_to_no_host(made: Any, method: str) -> None:
    with pytest.raises(NotReachable, match="kept from the other side"):
        getattr(made, method)()


def test_a_traceback_arrives_as_none_on_either_side(made: Any, gateway: Gateway) -> None:
    assert made.traceback() is None
    with pytest.raises(ValueError, match="none") as caught:
        int("none")
    assert gateway.invoke("builtins.", "repr", caught.tb) == "None"


@pytest.mark.parametrize("name", ["gi_frame", "gi_code"])
def test_a_generators_frame_and_code_are_out_of_reach(made: Any, name: str) -> None:
    generator = made.generator()
    with pytest.raises(NotReachable):
        getattr(generator, name)
    assert next(generator) == 1


@pytest.mark.parametrize("name", ["cr_frame", "cr_code"])
def test_a_coroutines_frame_and_code_are_out_of_reach(made: Any, name: str) -> None:
    coroutine = made.coroutine()
    with pytest.raises(NotReachable):
        getattr(coroutine, name)
    coroutine.close()


UNDERSCORED = [
    *("__class__", "__dict__", "__globals__", "__code__", "__func__", "__self__", "__init__", "__subclasses__"),
    *("__builtins__", "__closure__", "__reduce__", "__reduce_ex__", "__getattribute__", "__setattr__", "__loader__"),
    *("_private", "__mro__", "__weakref__", "__traceback__", "__import__", "__spec__", "__file__", "__wrapped__"),
]


@pytest.mark.parametrize("name", UNDERSCORED)
def test_a_name_with_an_underscore_is_refused_however_it_is_asked_for(made: Any, name: str, gateway: Gateway) -> None:
    """By the server itself, whatever a host of another make sends."""
    link, number = made._link, made._number
    function = gateway.get("fenced.", "given")
    for of in (number, function._number):
        for kind, arguments in ((GET, (name,)), (CALL, (name,))):
            with pytest.raises((NotReachable, GatewayError)):
                link.request(kind, of, NAMED, arguments)
    for attempt in (gateway.get, gateway.invoke):
        with pytest.raises((NotReachable, GatewayError)):
            attempt("fenced.Fenced", name)
    with pytest.raises(GatewayError):
        gateway.set("fenced.Fenced", name, 1)


def test_an_object_of_the_server_reaches_no_frame_of_the_host(gateway: Gateway) -> None:
    class Asked:
        shown = "shown"
        _private = "private"

        def frame(self) -> types.FrameType:
            return sys._getframe()

        def code(self) -> types.CodeType:
            return self.frame.__func__.__code__  # type: ignore[attr-defined] # of a bound method

        def ask(self) -> str:
            return self.shown

    asked = Asked()
    attrgetter = gateway.invoke("operator.", "attrgetter", "shown")
    assert attrgetter(asked) == "shown"
    for name in ("_private", "__dict__"):
        with pytest.raises(AttributeError):
            gateway.invoke("operator.", "attrgetter", name)(asked)
    for method in ("frame", "code"):
        with pytest.raises(NotReachable, match="kept from the other side"):
            gateway.invoke("operator.", "methodcaller", method)(asked)


def test_one_connection_reaches_nothing_of_another_by_guessing_numbers(own_server: Any) -> None:
    with own_server.connect() as one, own_server.connect() as other:
        kept = [one.new("builtins.list", [number]) for number in range(20)]
        session = other._session
        for number in range(1, 200):
            for kind, member, arguments in ((CALL, 0, ()), (GET, NAMED, ("append",)), (COPY, 0, ())):
                with pytest.raises(ReleasedError):
                    session.request(kind, number, member, arguments)
        with pytest.raises(ReleasedError):
            session.request(CALL, 0, 9, (1,))
        session.imports.dropped.extend(range(1, 200))
        other.ping()
        assert [list(each) for each in kept] == [[number] for number in range(20)]


def test_a_value_that_one_connection_shares_is_not_anothers(own_server: Any, hosted: Any) -> None:
    with own_server.connect() as one, own_server.connect() as other:
        one.export("mine", "only mine")
        read = "__import__('pygateway').context().objects.get('mine')"
        assert one.invoke("builtins.", "eval", read) == "only mine"
        assert other.invoke("builtins.", "eval", read) is None


def test_what_a_host_drops_twice_or_never_had_is_ignored(own_server: Any, until: Callable[..., Any]) -> None:
    with own_server.connect() as gateway:
        kept = gateway.new("builtins.list", [1])
        gateway._session.imports.dropped.extend([kept._number + 1, -1, 0, 10**30])
        gateway.ping()
        assert list(kept) == [1]
