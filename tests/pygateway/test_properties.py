"""Whatever comes in whatever pieces: values, or an error of the protocol's; never a crash, a hang or unasked memory.

`PYGATEWAY_EXAMPLES=100000` makes each property run that often, and as many frames go to the live server.
"""

from __future__ import annotations

import array
import contextlib
import datetime
import json
import os
import random
import socket
from collections.abc import Callable, Iterator
from typing import Any

import psutil
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import pygateway
from pygateway import AuthenticationError, Gateway, ProtocolError, ReleasedError, codec, error_classes, failures, frames
from pygateway.frames import BATCH, CALL, ERROR, GET, OUTPUT, RELEASE, REQUESTS, RESULT, FrameReader, pack
from pygateway.handshake import OPEN, PASSPHRASE, ClientHandshake, ServerHandshake, message, split, verifiers
from pygateway.incoming import FIRST
from pygateway.reader import _DECODERS
from pygateway.references import References
from pygateway.turns import AT_REST, AWAITING, LET_GO, RUN, SHOW, TAKE, answer_to, due

EXAMPLES = int(os.environ.get("PYGATEWAY_EXAMPLES", "200"))
pytestmark = pytest.mark.timeout(40 if EXAMPLES <= 1000 else 7200)
often = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


class Objects(References):
    """Both sides at once: what is referred to stays what it is; nothing else is there."""

    def __init__(self) -> None:
        self.referred: list[Any] = []

    def refer(self, value: Any) -> list[Any]:
        self.referred.append(value)
        return ["o", len(self.referred), 1]

    def take_back(self, numbers: Any) -> None:
        assert all(0 < number <= len(self.referred) for number in numbers)

    def resolve(self, number: int, described: int) -> Any:
        return self.referred[number - 1]

    def home(self, number: int, member: int | None = None) -> Any:
        raise ReleasedError(str(number))

    def tell(self, error: BaseException) -> dict[str, Any]:
        return failures.told(error)

    def rebuild(self, told: dict[str, Any]) -> BaseException:
        return failures.rebuild(told, "the other side")

    def tell_class(self, of: type) -> Any:
        return error_classes.told(of)

    def rebuild_class(self, told: Any) -> type:
        found: type = error_classes.caught(told)
        return found


zones = st.none() | st.builds(
    datetime.timezone, st.timedeltas(-datetime.timedelta(hours=23), datetime.timedelta(hours=23))
)
scalars = st.one_of(
    *(st.none(), st.booleans(), st.integers(), st.integers(-(2**70), 2**70), st.floats(allow_nan=False)),
    *(st.text(), st.binary(), st.dates(), st.times(timezones=zones), st.datetimes(timezones=zones), st.timedeltas()),
    *(st.uuids(), st.decimals(allow_nan=False), st.builds(range, st.integers(), st.integers())),
    *(st.sampled_from([..., NotImplemented, int, KeyError]), st.complex_numbers(allow_nan=False)),
)
values = st.recursive(
    scalars
    | st.lists(st.integers(-9, 9)).map(lambda items: array.array("q", items))
    | st.lists(st.integers(-(2**40), 2**40), min_size=60, max_size=70)
    | st.lists(st.text(max_size=2), min_size=60, max_size=70).map(tuple),
    lambda inner: st.one_of(
        st.lists(inner, max_size=5),
        st.lists(inner, max_size=5).map(tuple),
        st.dictionaries(st.text(), inner, max_size=4),
    ),
    max_leaves=12,
)
bodies = st.tuples(st.lists(values, max_size=3), st.dictionaries(st.text(max_size=3), values, max_size=2))


def requested(body: tuple[list[Any], dict[str, Any]], kind: int = CALL) -> bytes:
    """A request's frame with these arguments."""
    return b"".join(map(bytes, codec.pack_request(Objects(), kind, 1, 2, 3, *body)))


def arrived(data: bytes, cuts: list[int]) -> Iterator[Any]:
    """The frames of `data`, which arrives cut there: fed, or received where the reader has room, as it likes."""
    reader, at = FrameReader(), 0
    for end in [*sorted(cut % (len(data) + 1) for cut in cuts), len(data)]:
        while at < end:
            room = reader.room
            if room is None:
                frame = reader.take(data[at:end])
                at = end
            else:
                count = min(len(room), end - at)
                room[:count] = data[at : at + count]
                at += count
                reader.filled(count)
                frame = reader.next_frame()
            assert reader.room is None or len(reader.room) <= max(FIRST, 2 * at)
            while frame is not None:
                yield frame
                frame = reader.next_frame()


@often
@given(st.lists(bodies, max_size=3), st.lists(st.integers(0), max_size=8))
def test_any_arguments_arrive_as_they_are_however_their_frames_are_cut(sent: Any, cuts: list[int]) -> None:
    data = b"".join(map(requested, sent))
    received = [codec.decode(Objects(), frame[1], frame[5], frame[6]) for frame in arrived(data, cuts)]
    assert [(list(args), kwargs) for args, kwargs in received] == [(args, kwargs) for args, kwargs in sent]


@settings(often, max_examples=max(min(EXAMPLES, 2000) // 20, 1))
@given(st.integers(0, 3 * FIRST), st.lists(st.integers(0), max_size=8), st.integers(1, 3))
def test_a_large_buffer_arrives_as_it_is_however_it_is_cut(size: int, cuts: list[int], count: int) -> None:
    sent = [bytes([number]) * (size // number) for number in range(1, count + 1)]
    data = b"".join(map(bytes, pack(RESULT, 0, 1, 0, 0, b"[]", sent)))
    [frame] = arrived(data, cuts)
    assert [buffer if isinstance(buffer, bytes) else buffer.getvalue() for buffer in frame[6]] == sent


#: What is done to bytes on their way: where, how many are cut out, and what is put there.
mutations = st.lists(st.tuples(st.integers(0), st.integers(0, 12), st.binary(max_size=12)), min_size=1, max_size=6)


def mutated(data: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    for at, cut, put in changes:
        start = at % (len(data) + 1)
        data = data[:start] + put + data[start + cut :]
    return data


@often
@given(bodies, mutations, st.lists(st.integers(0), max_size=5), st.sampled_from(sorted(REQUESTS | {RESULT, ERROR})))
def test_a_changed_frame_is_frames_and_values_or_a_protocol_error(
    body: Any, changes: Any, cuts: list[int], kind: int
) -> None:
    data = mutated(requested(body, kind), changes)
    with contextlib.suppress(ProtocolError, ReleasedError):
        for frame in arrived(data, cuts):
            assert frame[0] in frames.KINDS
            read = {BATCH: codec.decode_batch, RESULT: codec.decode_batch_answer}.get(frame[0])
            if read is not None:
                with contextlib.suppress(ProtocolError, ReleasedError):
                    read(Objects(), frame[5], frame[6])
            codec.decode(Objects(), frame[1], frame[5], frame[6])


@often
@given(st.binary(max_size=400), st.lists(st.integers(0), max_size=8), st.integers(0, 40), st.integers(0, 300))
def test_any_bytes_behind_a_header_are_frames_or_a_protocol_error(
    rest: bytes, cuts: list[int], kind: int, length: int
) -> None:
    data = frames.HEADER.pack(length, kind, kind & 15, 1, 2, 3) + rest
    with contextlib.suppress(ProtocolError, ReleasedError):
        for frame in arrived(data, cuts):
            codec.decode(Objects(), frame[1], frame[5], frame[6])


nested = st.recursive(
    st.none() | st.integers() | st.floats() | st.text(max_size=3) | st.sampled_from(["<f8", "C", "mv", "KeyError"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["chain", "before", "name", "args", "base", "members", "x"]), inner, max_size=4
        )
        | st.builds(lambda tag, rest: [tag, *rest], st.sampled_from(sorted(_DECODERS)), st.lists(inner, max_size=5))
    ),
    max_leaves=20,
)


@often
@given(st.lists(nested, max_size=3), st.lists(st.binary(max_size=40), max_size=3), st.integers(0, 3))
@example([["x", {"chain": [], "before": ""}]], [], 1)
@example([["x", {"chain": [{"name": "x"}], "before": 5}]], [], 1)
def test_any_forms_are_values_or_a_protocol_error(items: list[Any], buffers: list[bytes], flags: int) -> None:
    body = json.dumps(items).encode("ascii")
    with contextlib.suppress(ProtocolError, ReleasedError):
        codec.decode(Objects(), flags, body, buffers)


# The handshake.

SECRETS = verifiers("pencil", "secret")


@often
@given(st.booleans(), mutations, st.integers(0, 3), st.integers(1, 40))
def test_a_changed_handshake_is_an_error_of_ours_and_opens_nothing(
    proves: bool, changes: Any, which: int, by: int
) -> None:
    client = ClientHandshake(PASSPHRASE, "pencil") if proves else ClientHandshake()
    server = ServerHandshake(SECRETS)
    sides: list[Any] = [server, client]
    sent, count, differs = client.first, 0, False
    with contextlib.suppress(ProtocolError, AuthenticationError):
        while sent and count < 6:
            if count == which:
                changed = mutated(sent, changes)
                differs = not changed.startswith(sent)  # what stands behind is for the frames
                sent = changed
            receiver = sides[count % 2]
            sent = b"".join([receiver.receive(sent[at : at + by]) for at in range(0, len(sent), by)])
            count += 1
    if differs and which < 2:  # the two sides saw other words, which their proofs cover
        assert server.user is None
        assert not client.accepted


# The table of turns.


@often
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 3)), max_size=60))
def test_any_order_of_frames_is_answered_in_turn_or_a_protocol_error(sent: list[tuple[int, int]]) -> None:
    """A side that asks whenever it may, and is sent any frames: what it awaits nests as calls do."""
    awaited: list[int] = []
    for serial, (kind, request) in enumerate(sent):
        state = AWAITING if awaited else AT_REST
        try:
            what = due(state, kind)
        except ProtocolError:
            assert kind not in AT_REST
            assert kind not in (RESULT, ERROR, OUTPUT) or not awaited
            continue
        if what is TAKE:
            frame = (kind, 0, awaited[-1] if request else -1, 0, 0, b"", ())
            if request:
                assert answer_to(awaited.pop(), frame) is frame
            else:
                with pytest.raises(ProtocolError):
                    answer_to(awaited[-1], frame)
        elif what is RUN:
            assert kind in REQUESTS
            awaited.append(serial)  # what is run calls back
        else:
            assert (what, kind) in ((LET_GO, RELEASE), (SHOW, OUTPUT))


# A live server.


def real_frames() -> list[bytes]:
    """Frames of all kinds, as a host sends them; what is mutated in them can name nothing that harms."""
    objects = Objects()

    def call(number: int, member: int, *args: Any, kind: int = CALL, within: float | None = None) -> bytes:
        pieces = codec.pack_request(objects, kind, 1, number, member, args, {"k": [1]} if member == 3 else {}, within)
        return b"".join(map(bytes, pieces))

    calls: Any = [(CALL, 1, (1, [2]), {"k": 3}), (GET, frames.NAMED, ("kept",), {})]
    return [
        call(0, 1, "data.Keeper"),
        call(0, 1, "collections.OrderedDict", [("a", 1)]),
        call(0, 2, "math.", "sqrt", 2.5),
        call(0, 6),
        call(0, 0, 1),
        call(1, frames.NAMED, "back", (1, b"x" * 40, [1.5] * 70), {"a": ValueError("x", [1])}),
        call(1, 2, datetime.datetime(2024, 1, 1), 2**80, memoryview(b"abc")),
        call(1, 0, kind=GET, within=5.0),
        call(1, 0, kind=frames.COPY),
        call(1, 0, kind=frames.AWAIT),
        call(1, 3, "name", 5, kind=frames.SET),
        b"".join(map(bytes, codec.pack_batch(objects, 1, 1, calls))),
        b"".join(pack(RELEASE, 0, 0, 0, 0, b"[1,2,3]")),
        b"".join(pack(RESULT, 0, 1, 0, 0)),
    ]


def talk(port: int, data: bytes) -> None:
    """Send bytes behind a good handshake and no more; returns when the server ends the stream, which it must soon."""
    with socket.create_connection(("127.0.0.1", port), 10) as sock:
        sock.sendall(message(OPEN, "r=abc"))
        answer = b""
        while split(answer) is None:
            answer += sock.recv(4096)
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):
            sock.sendall(data)
            sock.shutdown(socket.SHUT_WR)
            while sock.recv(65536):
                pass


@pytest.mark.parametrize("seed", range(6))
def test_a_server_that_is_sent_changed_frames_goes_on_serving_others(
    own_server: Any, until: Callable[..., Any], seed: int
) -> None:
    chance = random.Random(seed)
    originals = real_frames()
    with own_server.connect() as gateway:
        keeper = gateway.new("data.Keeper")
        for round_ in range(max(EXAMPLES // 4, 10) // 6 + 1):
            sent = [chance.choice(originals) for _ in range(chance.randrange(1, 5))]
            place = chance.randrange(len(sent))
            changes = [
                (chance.randrange(10_000), chance.randrange(12), chance.randbytes(chance.randrange(12)))
                for _ in range(chance.randrange(1, 4))
            ]
            sent[place] = mutated(sent[place], changes)
            talk(own_server.port, b"".join(sent))
            assert keeper.back(round_) == round_
    until(lambda: own_server.figures()["connections"] == 1, own_server.figures)
    assert own_server.process.poll() is None
    assert psutil.Process(own_server.pid).memory_info().rss < 200 * 1024 * 1024


def test_a_host_that_is_sent_garbage_gets_a_protocol_error(gateway: Gateway) -> None:
    """Through a stream of the host's own session, whose other end is the test's."""
    from pygateway.stream import Stream

    chance = random.Random(7)
    for _ in range(min(EXAMPLES, 200)):
        here, there = socket.socketpair()
        with here, there:
            stream = Stream(here)
            there.sendall(mutated(chance.choice(real_frames()), [(chance.randrange(99), 3, chance.randbytes(9))]))
            there.shutdown(socket.SHUT_WR)
            with contextlib.suppress(pygateway.GatewayError):
                for _ in range(100):
                    stream.frame()
    assert gateway.ping()
