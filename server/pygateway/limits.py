"""What a server allows its hosts: how many connections, objects and threads, and how large a frame."""

from .options import unfit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

#: The smallest `max_frame` that is of use, in bytes: smaller frames are read before their size is looked at.
LEAST_FRAME = 64 * 1024


class Limits:
    """None is no limit but the system's, and for frames those of the protocol."""

    def __init__(
        self,
        connections: "Optional[int]" = None,
        objects: "Optional[int]" = None,
        threads: "Optional[int]" = None,
        frame: "Optional[int]" = None,
    ) -> None:
        """`connections` at once; `objects` that one connection holds; `threads` of the process; bytes of a `frame`."""
        self.connections = connections
        self.objects = objects
        self.threads = threads
        self.frame = frame


def add_host_limits(made: "Any") -> None:
    """The options that `limits_of` reads."""
    limits = made.add_argument_group("what hosts may use")
    limits.add_argument("--max-connections", type=_number, metavar="N", help="connections at once")
    limits.add_argument("--max-objects", type=_number, metavar="N", help="objects that one connection holds")
    limits.add_argument(
        "--max-threads", type=_number, metavar="N", help="threads of the server, from which no more begin"
    )
    limits.add_argument("--max-frame", type=_bytes, metavar="BYTES", help="size of a frame with its buffers")


def limits_of(options: "Any") -> Limits:
    return Limits(options.max_connections, options.max_objects, options.max_threads, options.max_frame)


def _number(text: str) -> int:
    if not text.isdigit() or not int(text):
        raise unfit("a limit is a number from 1 on, not %r" % text)
    return int(text)


def _bytes(text: str) -> int:
    if not text.isdigit() or int(text) < LEAST_FRAME:
        raise unfit("a frame has at least %d bytes, not %r" % (LEAST_FRAME, text))
    return int(text)
