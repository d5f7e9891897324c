"""What the codec asks of a connection, and what a caller says of an argument. No I/O."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, List


class References:
    """What the codec asks of the connection: to refer to objects, and to find what is referred to."""

    def refer(self, value: "Any") -> "List[Any]":
        """The tagged form that stands for `value`: an object of this side, or one of the peer's sent home."""
        raise NotImplementedError

    def take_back(self, numbers: "Sequence[int]") -> None:
        """Count the objects of these numbers as not sent, after all: the frame that referred to them can't be."""
        raise NotImplementedError

    def resolve(self, number: int, described: int) -> "Any":
        """The proxy for the peer's object `number`, whose class the peer describes as `described`."""
        raise NotImplementedError

    def home(self, number: int) -> "Any":
        """This side's own object `number`, sent home."""
        raise NotImplementedError


class ByReference:
    """What `pygateway.ref` returns: an argument that is to arrive as a proxy, whatever its type."""

    __slots__ = ("value",)

    def __init__(self, value: "Any") -> None:
        self.value = value
