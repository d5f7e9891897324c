"""What objects print, on its way to the output of the host that asked for it."""

import sys

from .errors import ProtocolError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Union

    from .frames import Frame

    #: What becomes of what objects print: False, nothing, it stays in the server's output; True, it goes to the output
    #: of this program; or it goes to a function, with "stdout" or "stderr".
    Printed = Union[bool, Callable[[str, str], Any]]

#: What objects print to, by the member of an OUTPUT.
_STREAMS = {1: "stdout", 2: "stderr"}


def show(frame: "Frame", printed: "Printed") -> None:
    """Show what stands in an OUTPUT. Raises ProtocolError if it is malformed, and what writing raises."""
    name = _STREAMS.get(frame[4])
    try:
        text = frame[5].decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProtocolError("output that is no text: %s" % error) from None
    if name is None:
        raise ProtocolError("output of no known kind: %d" % frame[4])
    if callable(printed):
        printed(text, name)
    elif printed and getattr(sys, name) is not None:  # a program without standard streams shows nothing
        getattr(sys, name).write(text)
