"""The state table of a stream: what may come next, and what to do with it. No I/O.

A stream carries one call chain, so a side that reads it waits for one of two things: a request to run, or the answer
to a request of its own. Requests and answers nest like calls, so an answer is always for the innermost request. What
has no entry here is a protocol error.
"""

from .errors import ProtocolError
from .frames import ERROR, OUTPUT, RELEASE, REQUESTS, RESULT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict

    from .frames import Frame

RUN, TAKE, LET_GO, SHOW = "run the request", "take the answer", "let go of objects", "show output"

#: While no request of this side waits for its answer.
AT_REST: "Dict[int, str]" = {RELEASE: LET_GO, **dict.fromkeys(REQUESTS, RUN)}
#: While one does.
AWAITING: "Dict[int, str]" = {**AT_REST, RESULT: TAKE, ERROR: TAKE, OUTPUT: SHOW}


def due(state: "Dict[int, str]", kind: int) -> str:
    """What to do with a frame of this kind in this state. Raises ProtocolError if none is due."""
    try:
        return state[kind]
    except KeyError:
        raise ProtocolError("a frame of kind %d came where none is due" % kind) from None


def answer_to(request: int, frame: "Frame") -> "Frame":
    """`frame`, if it answers `request`. Raises ProtocolError if it answers another."""
    if frame[2] != request:
        raise ProtocolError("an answer to request %d came where %d is awaited" % (frame[2], request))
    return frame
