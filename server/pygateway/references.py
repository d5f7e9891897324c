"""What the codec asks of a connection, and what a caller says of an argument. No I/O."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, Dict, List, Optional


class References:
    """What the codec asks of the connection: to refer to objects, and to find what is referred to."""

    #: Most bytes of a frame that the peer takes, where it takes less than all peers do.
    most: "Optional[int]" = None

    def refer(self, value: "Any") -> "List[Any]":
        """The tagged form that stands for `value`: an object of this side, or one of the peer's sent home."""
        raise NotImplementedError

    def take_back(self, numbers: "Sequence[int]") -> None:
        """Count the objects of these numbers as not sent, after all: the frame that referred to them can't be."""
        raise NotImplementedError

    def resolve(self, number: int, described: int) -> "Any":
        """The proxy for the peer's object `number`, whose class the peer describes as `described`."""
        raise NotImplementedError

    def home(self, number: int, member: "Optional[int]" = None) -> "Any":
        """This side's own object `number`, sent home, or the method of it that is its member `member`."""
        raise NotImplementedError

    def tell(self, error: BaseException) -> "Dict[str, Any]":
        """What stands for an exception that goes by value: names of plain values, and of further values in them."""
        raise NotImplementedError

    def rebuild(self, told: "Dict[str, Any]") -> BaseException:
        """The exception that the peer told so. Raises whatever a malformed one makes it raise."""
        raise NotImplementedError

    def tell_class(self, of: type) -> "Any":
        """What stands for a class of exceptions that is no builtin: plain values."""
        raise NotImplementedError

    def rebuild_class(self, told: "Any") -> type:
        """The class of exceptions that the peer told so. Raises whatever a malformed one makes it raise."""
        raise NotImplementedError


class ByReference:
    """What `pygateway.ref` returns: an argument that is to arrive as a proxy, whatever its type."""

    __slots__ = ("value",)

    def __init__(self, value: "Any") -> None:
        self.value = value
