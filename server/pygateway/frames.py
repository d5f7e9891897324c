"""Frames: what travels on a stream once the handshake is done. No I/O.

A frame is a header of 20 bytes, a body, and buffers that travel beside it::

    length u32 | kind u8 | flags u8 | request u32 | object u64 | member u16 | body | buffers

`length` counts what stands behind it up to the end of the body. With the flag BUFFERS the body begins with a
count (u16) and the size of each buffer (u64); the buffers themselves follow the body, raw. All numbers are
big-endian.
"""

import struct

from .errors import LimitError, ProtocolError
from .incoming import Incoming

TYPE_CHECKING = False
if TYPE_CHECKING:
    from io import BytesIO
    from typing import List, Optional, Sequence, Tuple

    #: A buffer to send, and one that arrived; a large one arrives in a BytesIO, as `Incoming` says.
    Buffer = bytes | bytearray | memoryview
    Arrived = bytes | BytesIO
    Frame = Tuple[int, int, int, int, int, bytes, Sequence[Arrived]]

HEADER = struct.Struct(">IBBIQH")
SIZE = HEADER.size
BEHIND_LENGTH = SIZE - 4

# Kinds. A request asks for an answer (RESULT or ERROR); RELEASE, WELCOME and OUTPUT ask for none.
CALL, GET, SET, DELETE, COPY = 1, 2, 3, 4, 5
RESULT, ERROR = 6, 7
RELEASE, WELCOME, BATCH, OUTPUT, AWAIT = 8, 9, 10, 11, 12
REQUESTS = frozenset((CALL, GET, SET, DELETE, COPY, BATCH, AWAIT))
KINDS = REQUESTS | {RESULT, ERROR, RELEASE, WELCOME, OUTPUT}

# Flags.
TAGGED = 1  # the body holds forms other than plain JSON scalars
KEYWORDS = 2  # the last item of the body holds the keyword arguments
BUFFERS = 4  # sizes of buffers stand before the body, the buffers behind it
DEADLINE = 8  # four bytes in front of the body say how many milliseconds are left for the request
FLAGS = TAGGED | KEYWORDS | BUFFERS | DEADLINE
#: The longest deadline that a frame can say, in milliseconds: some seven weeks. A longer one is none.
MAX_DEADLINE = 0xFFFFFFFF

NAMED = 0xFFFF  # as member: the first argument is the name of the member

# Members of object 0, the side itself.
(
    DESCRIBE,
    NEW,
    INVOKE,
    GET_STATIC,
    SET_STATIC,
    ADD_CLASS_PATH,
    PING,
    EXPORT,
    SHOW_OUTPUT,
    AGAIN,
    STATISTICS,
    RUNNING,
    HELD,
) = range(13)

_WITHOUT_BUFFERS = FLAGS & ~BUFFERS

#: Most bytes that a frame's header and body may have together.
MAX_FRAME = 64 * 1024 * 1024
#: Most bytes that all buffers of one frame may have together.
MAX_BUFFERS = 2 * 1024 * 1024 * 1024
#: Most buffers beside one frame.
MAX_BUFFER_COUNT = 0xFFFF
#: Up to this many bytes a frame is sent as one piece, however many buffers it has.
JOIN_BELOW = 64 * 1024


def pack(
    kind: int,
    flags: int,
    request: int,
    number: int,
    member: int,
    body: bytes = b"",
    buffers: "Sequence[Buffer]" = (),
) -> "List[Buffer]":
    """The pieces to send for one frame, in order.

    Raises LimitError, before anything is sent, if the frame is larger than MAX_FRAME, MAX_BUFFERS or
    MAX_BUFFER_COUNT allow.
    """
    if buffers:
        sizes = [len(buffer) for buffer in buffers]
        if len(sizes) > MAX_BUFFER_COUNT or sum(sizes) > MAX_BUFFERS:
            raise LimitError(
                "%d buffers of %d bytes together are too large for one call (MAX_BUFFERS is %d, "
                "MAX_BUFFER_COUNT %d); pass them in parts" % (len(sizes), sum(sizes), MAX_BUFFERS, MAX_BUFFER_COUNT)
            )
        flags |= BUFFERS
        body = struct.pack(">H%dQ" % len(sizes), len(sizes), *sizes) + body
    if SIZE + len(body) > MAX_FRAME:
        raise LimitError(
            "a body of %d bytes is too large for one frame (MAX_FRAME is %d); pass the data in parts, "
            "as bytes or arrays, or by reference with pygateway.ref()" % (len(body), MAX_FRAME)
        )
    head = HEADER.pack(BEHIND_LENGTH + len(body), kind, flags, request, number, member) + body
    if not buffers:
        return [head]
    if len(head) + sum(sizes) <= JOIN_BELOW:
        return [b"".join([head, *buffers])]
    return [head, *buffers]


def split_deadline(body: bytes) -> "Tuple[float, bytes]":
    """The seconds that stand in front of a body with the flag DEADLINE, and the body behind. Raises ProtocolError."""
    if len(body) < 4:
        raise ProtocolError("a frame announces a deadline but does not say it")
    return max(int.from_bytes(body[:4], "big"), 1) / 1000, body[4:]


def later(frame: "Frame", seconds: float) -> "Optional[Frame]":
    """A request with a deadline, so many seconds after it arrived: less is left of it. None if nothing is.

    One whose deadline is malformed stays as it is, for whoever answers it.
    """
    kind, flags, request, number, member, body, buffers = frame
    if len(body) < 4:
        return frame
    left, rest = split_deadline(body)
    milliseconds = int((left - seconds) * 1000)
    if milliseconds <= 0:
        return None
    return kind, flags, request, number, member, milliseconds.to_bytes(4, "big") + rest, buffers


def is_whole_and_plain(data: bytes) -> bool:
    """Whether `data` is one whole request on an object, or answer, whose body refers to no object."""
    if len(data) < SIZE:
        return False
    length, kind, flags, _, number, _ = HEADER.unpack_from(data)
    return (
        length + 4 == len(data)
        and flags & ~DEADLINE == 0
        and ((number and kind in (CALL, GET, SET, DELETE, COPY)) or kind in (RESULT, ERROR))
    )


def whole(data: bytes) -> "Frame":
    """The frame that `data` is, as `is_whole_and_plain` says."""
    _, kind, flags, request, number, member = HEADER.unpack_from(data)
    return kind, flags, request, number, member, data[SIZE:], ()


class FrameReader:
    """Cuts bytes into frames, however they arrive.

    `feed` takes bytes and `next_frame` returns the next whole frame or None; `wanted` says how many bytes to ask for.
    While a large piece of a frame is under way, `room` is the memory that waits for its next bytes: receive right into
    it and tell `filled`, or go on feeding.
    A frame that breaks a limit or is of no known kind raises ProtocolError as soon as its header is there; the stream
    is of no use after that.
    """

    __slots__ = (
        "_at",
        "_body",
        "_buffers",
        "_chunks",
        "_data",
        "_head",
        "_large",
        "_need",
        "_sizes",
        "held",
        "most",
        "room",
        "wanted",
    )

    #: Bytes to ask for while nothing larger is under way.
    READ = 64 * 1024
    #: A piece of which more than so many bytes are missing gets `room`.
    LARGE = 1024 * 1024

    def __init__(self, most: "Optional[int]" = None) -> None:
        """`most` bytes may a frame have with its buffers, where the limits for all frames are not low enough."""
        self.most = most
        #: What was fed and not yet used: `_data` from `_at` on, then `_chunks`; `held` bytes together. While it is 0,
        #: `next_frame` has none.
        self._data = b""
        self._at = 0
        self._chunks: List[bytes] = []
        self.held = 0
        #: What is there of the frame under way, and the size of its next piece.
        self._head: Optional[Tuple[int, int, int, int, int]] = None
        self._body: Optional[bytes] = None
        self._sizes: List[int] = []
        self._buffers: List[Arrived] = []
        self._need = 0
        self._large: Optional[Incoming] = None
        self.room: Optional[memoryview] = None
        self.wanted = self.READ

    def is_idle(self) -> bool:
        """Whether nothing is there of a further frame."""
        return not self.held and self._head is None

    def take(self, data: bytes) -> "Optional[Frame]":
        """`feed` and `next_frame` in one; quick where `data` is one whole frame, as it nearly always is."""
        if not self.held and self._head is None and len(data) >= SIZE:
            length, kind, flags, request, number, member = HEADER.unpack_from(data)
            if length + 4 == len(data) and kind in KINDS and flags & ~_WITHOUT_BUFFERS == 0:
                return kind, flags, request, number, member, data[SIZE:], ()
        self.feed(data)
        return self.next_frame()

    def feed(self, data: bytes) -> None:
        """Take `data`, as it came from the peer."""
        while self.room is not None and data:
            count = min(len(self.room), len(data))
            self.room[:count] = data[:count]
            self.filled(count)
            data = data[count:]
        if self.held:
            self._chunks.append(data)
        else:
            self._data, self._at = data, 0
        self.held += len(data)

    def filled(self, count: int) -> None:
        """Take the first `count` bytes of `room`, which came from the peer."""
        assert self._large is not None
        self._large.filled(count)
        self.room = self._large.room

    def next_frame(self) -> "Optional[Frame]":
        """The next whole frame as (kind, flags, request, number, member, body, buffers), or None."""
        if self._head is None:
            if len(self._data) - self._at < SIZE:
                if self.held < SIZE:
                    return None
                self._join()
            data, at = self._data, self._at
            length, kind, flags, request, number, member = HEADER.unpack_from(data, at)
            if length < BEHIND_LENGTH or length + 4 > MAX_FRAME or kind not in KINDS or flags & ~FLAGS:
                raise _refused(length + 4, kind, flags)
            if self.most is not None and length + 4 > self.most:
                raise LimitError("a frame of %d bytes was announced; %d are allowed here" % (length + 4, self.most))
            end = at + length + 4
            if end <= len(data) and not flags & BUFFERS:
                self._use(end)
                return kind, flags, request, number, member, data[at + SIZE : end], ()
            self._use(at + SIZE)
            self._head = (kind, flags, request, number, member)
            self._need = length + 4 - SIZE
        return self._pieces(self._head)

    def _pieces(self, head: "Tuple[int, int, int, int, int]") -> "Optional[Frame]":
        """The rest of a frame that does not come in one piece, or None while it is not whole."""
        while True:
            waits = self._need > self.held or self._large is not None
            piece = self._await_piece() if waits else self._bytes(self._need)
            if piece is None:
                return None
            if self._body is not None:
                self._buffers.append(piece)
            else:
                body = piece if isinstance(piece, bytes) else piece.getvalue()
                self._body = self._take_sizes(body) if head[1] & BUFFERS else body
            if len(self._buffers) == len(self._sizes):
                frame = (*head, self._body, self._buffers or ())
                self._head, self._body, self._buffers, self._sizes = None, None, [], []
                self.wanted = self.READ
                return frame
            self._need = self._sizes[len(self._buffers)]

    def _await_piece(self) -> "Optional[Arrived]":
        """The piece of the frame that is under way, if all of it has come."""
        if self._large is not None:
            if self.room is not None:
                return None
            whole, self._large = self._large.whole(), None
            return whole
        missing = self._need - self.held
        if missing <= self.LARGE:
            self.wanted = max(missing, self.READ)
            return None
        self._large = Incoming(self._need, self._bytes(self.held))
        self.room = self._large.room
        return None

    def _bytes(self, count: int) -> bytes:
        """The next `count` bytes, which have come."""
        if len(self._data) - self._at < count:
            self._join()
        data, start = self._data, self._at
        self._use(start + count)
        return data if count == len(data) else data[start : start + count]

    def _use(self, end: int) -> None:
        """Use `_data` up to `end`."""
        self.held -= end - self._at
        if end < len(self._data):
            self._at = end
        else:
            self._data, self._at = b"", 0

    def _join(self) -> None:
        self._data, self._at = b"".join([self._data[self._at :], *self._chunks]), 0
        self._chunks = []

    def _take_sizes(self, body: bytes) -> bytes:
        """Split the buffers' sizes off the body, checked against the limits."""
        if len(body) < 2:
            raise ProtocolError("a frame announces buffers but not how many")
        count = int.from_bytes(body[:2], "big")
        start = 2 + 8 * count
        if not count or len(body) < start:
            raise ProtocolError("a frame announces %d buffers but not their sizes" % count)
        self._sizes = list(struct.unpack_from(">%dQ" % count, body, 2))
        most = MAX_BUFFERS if self.most is None else self.most
        if sum(self._sizes) > most:
            named = "MAX_BUFFERS is" if self.most is None else "the limit here is"
            raise LimitError("buffers of %d bytes were announced; %s %d" % (sum(self._sizes), named, most))
        return body[start:]


def _refused(end: int, kind: int, flags: int) -> ProtocolError:
    """What is raised for a frame whose header is not allowed."""
    if end < SIZE or kind not in KINDS or flags & ~FLAGS:
        return ProtocolError("a frame of no known kind (kind %d, flags %d)" % (kind, flags))
    return LimitError("a frame of %d bytes was announced; the limit MAX_FRAME is %d" % (end, MAX_FRAME))
