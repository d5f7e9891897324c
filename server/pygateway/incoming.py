"""Memory for a large piece of a frame, which grows as its bytes arrive. No I/O."""

from io import BytesIO

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional

#: Bytes of memory that a piece may take before any of it has come. Beyond, never more than twice what has come.
FIRST = 16 * 1024 * 1024


class Incoming:
    """A body or buffer under way: receive into `room`, tell `filled`, and take it when `room` is None.

    Its memory is a BytesIO's, since that gives its bytes (`getvalue`) without copying them, or memory that may be
    written to (`getbuffer`).
    """

    __slots__ = ("_all", "_have", "_memory", "_size", "room")

    def __init__(self, size: int, begun: bytes) -> None:
        """`begun` is what has come of the `size` bytes; not all."""
        self._size = size
        self._have = 0
        self._memory = BytesIO(bytes(max(min(size, FIRST), len(begun))))
        self._all = self._memory.getbuffer()
        #: Where the next bytes go.
        self.room: Optional[memoryview] = self._all[:]
        if begun:
            self._all[: len(begun)] = begun
            self.filled(len(begun))

    def filled(self, count: int) -> None:
        """The first `count` bytes of `room` have come."""
        assert self.room is not None
        self._have += count
        self.room.release()
        self.room = None
        if self._have < len(self._all):
            self.room = self._all[self._have :]
            return
        self._all.release()
        if self._have < self._size:
            self._memory.seek(min(2 * self._have, self._size) - 1)
            self._memory.write(b"\0")
            self._all = self._memory.getbuffer()
            self.room = self._all[self._have :]

    def whole(self) -> BytesIO:
        """The piece, once `room` is None."""
        return self._memory
