"""Frames, without I/O: however the bytes arrive, the same frames come out, or a ProtocolError."""

from __future__ import annotations

import os
import struct
import tracemalloc
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pygateway import LimitError, ProtocolError, frames, incoming
from pygateway.frames import (
    BUFFERS,
    CALL,
    ERROR,
    GET,
    KEYWORDS,
    MAX_BUFFER_COUNT,
    MAX_BUFFERS,
    MAX_FRAME,
    NAMED,
    RELEASE,
    RESULT,
    SIZE,
    TAGGED,
    WELCOME,
    FrameReader,
    pack,
)

FRAMES: dict[str, tuple[int, int, int, int, int, bytes, list[bytes]]] = {
    "nothing but a header": (CALL, 0, 1, 2, 3, b"", []),
    "a body": (CALL, TAGGED | KEYWORDS, 7, 8, 9, b'[1,{"a":2}]', []),
    "the largest numbers": (GET, 0, 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF, NAMED, b'["name"]', []),
    "a buffer": (RESULT, TAGGED, 1, 0, 0, b'[["b",0]]', [b"bytes"]),
    "an empty buffer": (RESULT, TAGGED, 1, 0, 0, b'[["b",0]]', [b""]),
    "an empty body and a buffer": (RESULT, TAGGED, 1, 0, 0, b"", [b"x"]),
    "many buffers, some empty": (CALL, TAGGED, 1, 2, 3, b"[]", [b"", b"a", b"", b"bc" * 99, b""]),
    "a large body": (CALL, 0, 1, 2, 3, b"x" * 200_000, []),
    "two huge buffers": (RESULT, TAGGED, 1, 0, 0, b"[]", [b"y" * 5_000_000, b"", b"z" * 3_000_000]),
    "a huge body": (CALL, 0, 1, 2, 3, b"x" * 3_000_000, []),
    "a large buffer": (ERROR, TAGGED, 1, 0, 0, b"[]", [b"y" * 300_000, b"z"]),
    "a release": (RELEASE, 0, 0, 0, 0, b"[1,2,3]", []),
    "a welcome": (WELCOME, TAGGED, 0, 0, 0, b"[{}]", []),
}
Frame = tuple[Any, ...]


def packed(frame: Frame) -> bytes:
    return b"".join(bytes(piece) for piece in pack(*frame))


def unpacked(pieces: Iterable[bytes]) -> list[Frame]:
    """All frames that a reader makes of the pieces; the flag that says there are buffers left out."""
    reader, found = FrameReader(), []
    for piece in pieces:
        frame = reader.take(piece)
        while frame is not None:
            buffers = [buffer if isinstance(buffer, bytes) else buffer.getvalue() for buffer in frame[6]]
            found.append((frame[0], frame[1] & ~BUFFERS, *frame[2:6], buffers))
            frame = reader.next_frame()
    return found


every_frame = pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)


@every_frame
def test_a_frame_arrives_whole(frame: Frame) -> None:
    assert unpacked([packed(frame)]) == [frame]


@every_frame
def test_a_frame_arrives_byte_by_byte(frame: Frame) -> None:
    data = packed(frame)
    if len(data) > 10_000:  # the ends are where something can go wrong
        assert unpacked([*(data[n : n + 1] for n in range(400)), data[400:-400]]) == []
        assert unpacked([data[:400], data[400:-400], *(data[n:][:1] for n in range(len(data) - 400, len(data)))]) == [
            frame
        ]
    else:
        assert unpacked(data[n : n + 1] for n in range(len(data))) == [frame]


@every_frame
def test_a_frame_arrives_with_bytes_behind_it(frame: Frame) -> None:
    behind = FRAMES["a buffer"]
    data = packed(frame) + packed(behind)
    assert unpacked([data]) == [frame, behind]
    for cut in {1, 3, 4, SIZE - 1, SIZE, SIZE + 1, len(packed(frame)) - 1, len(packed(frame)) + 1, len(data) - 1}:
        assert unpacked([data[:cut], data[cut:]]) == [frame, behind], f"cut at {cut}"


def test_many_frames_arrive_at_once() -> None:
    assert unpacked([b"".join(map(packed, FRAMES.values()))]) == list(FRAMES.values())


@every_frame
def test_a_frame_that_is_not_whole_is_no_frame_yet(frame: Frame) -> None:
    data = packed(frame)
    for end in sorted({0, 1, SIZE - 1, SIZE, len(data) // 2, len(data) - 1} - {len(data)}):
        assert unpacked([data[:end]]) == []


def test_a_reader_has_room_for_what_is_missing_of_a_large_piece() -> None:
    reader = FrameReader()
    data = packed((CALL, 0, 1, 2, 3, b"x" * 3_000_000, []))
    assert reader.take(data[:5000]) is None
    assert reader.room is not None
    assert len(reader.room) == len(data) - 5000
    reader.room[:] = data[5000:]
    reader.filled(len(data) - 5000)
    assert reader.room is None
    assert reader.next_frame() == (CALL, 0, 1, 2, 3, b"x" * 3_000_000, ())


def test_what_is_announced_takes_no_memory_before_it_comes() -> None:
    reader = FrameReader()
    tracemalloc.start()
    try:
        reader.feed(header(16 + 10, CALL, BUFFERS) + b"\0\1" + struct.pack(">Q", MAX_BUFFERS) + b"x" * 1000)
        assert reader.next_frame() is None
        assert tracemalloc.get_traced_memory()[1] < 2 * incoming.FIRST
        reader.feed(b"x" * (incoming.FIRST + 1000))
        assert tracemalloc.get_traced_memory()[1] < 5 * incoming.FIRST
    finally:
        tracemalloc.stop()


def test_a_piece_larger_than_its_first_memory_arrives_whole() -> None:
    buffer = os.urandom(1_000_000) * 50
    data = packed((RESULT, TAGGED, 1, 0, 0, b"[]", [buffer, b"behind"]))
    reader, at = FrameReader(), 5000
    frame = reader.take(data[:at])
    while frame is None:
        if reader.room is None:
            frame = reader.take(data[at : at + 9000])
            at += 9000
        else:
            count = min(len(reader.room), 7_654_321)
            reader.room[:count] = data[at : at + count]
            reader.filled(count)
            at += count
            frame = reader.next_frame()
    assert [bytes(one) if isinstance(one, bytes) else one.getvalue() for one in frame[6]] == [buffer, b"behind"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(frames.KINDS)),
            st.sampled_from([0, TAGGED, KEYWORDS, TAGGED | KEYWORDS]),
            st.integers(0, 0xFFFFFFFF),
            st.integers(0, 2**64 - 1),
            st.integers(0, 0xFFFF),
            st.binary(max_size=60),
            st.lists(st.binary(max_size=60), max_size=3),
        ),
        max_size=5,
    ),
    st.data(),
)
def test_any_chunking_gives_the_same_frames(sent: list[Frame], data: Any) -> None:
    stream = b"".join(map(packed, sent))
    cuts = sorted(data.draw(st.sets(st.integers(0, len(stream)), max_size=20)))
    assert unpacked(stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)) == sent


def header(length: int, kind: int = CALL, flags: int = 0) -> bytes:
    return struct.pack(">IBBIQH", length, kind, flags, 1, 2, 3)


@settings(max_examples=300)
@given(st.lists(st.binary(max_size=80), max_size=6))
def test_any_garbage_gives_frames_or_a_protocol_error(chunks: list[bytes]) -> None:
    try:
        unpacked(chunks)
    except ProtocolError:
        return


@settings(max_examples=300)
@given(st.integers(0, 120), st.integers(0, 255), st.integers(0, 255), st.binary(max_size=120))
def test_any_garbage_behind_a_length_gives_frames_or_a_protocol_error(
    length: int, kind: int, flags: int, rest: bytes
) -> None:
    try:
        found = unpacked([header(length, kind, flags) + rest])
    except ProtocolError:
        return
    assert len(found) <= 1 + len(rest) // SIZE


@pytest.mark.parametrize("kind", [0, 13, 99, 255])
def test_an_unknown_kind_is_refused_as_soon_as_its_header_is_there(kind: int) -> None:
    with pytest.raises(ProtocolError, match=f"kind {kind}"):
        unpacked([header(16 + 100, kind)])


@pytest.mark.parametrize("flags", [255, *(bit for bit in (8, 16, 32, 64, 128) if not bit & frames.FLAGS)])
def test_unknown_flags_are_refused(flags: int) -> None:
    with pytest.raises(ProtocolError, match=f"flags {flags}"):
        unpacked([header(16, CALL, flags)])


@pytest.mark.parametrize("length", [0, 1, 15])
def test_a_frame_shorter_than_its_header_is_refused(length: int) -> None:
    with pytest.raises(ProtocolError):
        unpacked([header(length) + b"x" * 40])


@pytest.mark.parametrize("length", [MAX_FRAME - 3, 2**32 - 1])
def test_a_frame_too_large_is_refused_by_its_header_alone(length: int) -> None:
    with pytest.raises(LimitError, match=f"MAX_FRAME is {MAX_FRAME}"):
        unpacked([header(length)])


def test_the_largest_frame_is_not_refused() -> None:
    reader = FrameReader()
    assert reader.take(header(MAX_FRAME - 4)) is None
    assert reader.room is not None


@pytest.mark.parametrize(
    ("body", "error", "told"),
    [
        (b"", ProtocolError, "not how many"),
        (b"\0", ProtocolError, "not how many"),
        (b"\0\0", ProtocolError, "0 buffers"),
        (b"\0\1", ProtocolError, "1 buffers but not their sizes"),
        (b"\0\2" + bytes(15), ProtocolError, "2 buffers but not their sizes"),
        (b"\xff\xff" + bytes(100), ProtocolError, "65535 buffers"),
        (b"\0\1" + struct.pack(">Q", MAX_BUFFERS + 1), LimitError, f"MAX_BUFFERS is {MAX_BUFFERS}"),
        (b"\0\1" + b"\xff" * 8, LimitError, "MAX_BUFFERS"),
        (b"\0\2" + struct.pack(">QQ", MAX_BUFFERS, 1), LimitError, "MAX_BUFFERS"),
    ],
)
def test_sizes_of_buffers_that_are_malformed_or_too_large_are_refused(
    body: bytes, error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told):
        unpacked([header(16 + len(body), CALL, BUFFERS) + body])


class Sized:
    """Something with a length, and no bytes that would take memory."""

    def __init__(self, size: int) -> None:
        self.size = size

    def __len__(self) -> int:
        return self.size


@pytest.mark.parametrize(
    ("body", "buffers", "told"),
    [
        (b"x" * (MAX_FRAME - SIZE + 1), [], f"MAX_FRAME is {MAX_FRAME}"),
        (b"", [Sized(MAX_BUFFERS + 1)], f"MAX_BUFFERS is {MAX_BUFFERS}"),
        (b"", [Sized(MAX_BUFFERS), Sized(1)], f"MAX_BUFFERS is {MAX_BUFFERS}"),
        (b"", [b""] * (MAX_BUFFER_COUNT + 1), f"MAX_BUFFER_COUNT {MAX_BUFFER_COUNT}"),
    ],
    ids=["body", "buffer", "buffers together", "count of buffers"],
)
def test_what_is_too_large_is_refused_before_it_is_sent(body: bytes, buffers: list[Any], told: str) -> None:
    with pytest.raises(LimitError, match=told):
        pack(CALL, 0, 1, 2, 3, body, buffers)


def test_the_largest_body_and_the_most_buffers_are_sent() -> None:
    pieces = pack(CALL, 0, 1, 2, 3, b"x" * (MAX_FRAME - SIZE))
    assert sum(map(len, pieces)) == MAX_FRAME
    frame = (CALL, 0, 1, 2, 3, b"[]", [b""] * MAX_BUFFER_COUNT)
    assert unpacked([packed(frame)]) == [frame]


def test_large_buffers_are_sent_as_they_are_and_not_copied() -> None:
    buffer = bytearray(frames.JOIN_BELOW + 1)
    assert pack(RESULT, 0, 1, 0, 0, b"[]", [buffer])[1] is buffer


def test_a_request_that_waited_has_the_rest_of_its_deadline() -> None:
    frame = (frames.CALL, frames.DEADLINE, 7, 1, 2, (1500).to_bytes(4, "big") + b"[1]", ())

    assert frames.later(frame, 0.5) == (*frame[:5], (1000).to_bytes(4, "big") + b"[1]", ())
    assert frames.later(frame, 1.5) is None
    assert frames.later((*frame[:5], b"abc", ()), 9.0) == (*frame[:5], b"abc", ())
