"""Room on Python's stack. No I/O."""

import sys

#: Frames that a request, its answer and what is told of an error take at most, with some to spare.
ROOM = 100


def leave_room() -> None:
    """Raise RecursionError now, while nothing is half done, where it could come between a request and its answer."""
    deepest = sys.getrecursionlimit() - ROOM
    if deepest <= 0:
        return
    try:
        sys._getframe(deepest)  # CPython's own, as this package is for CPython
    except ValueError:  # the stack is not that deep
        return
    raise RecursionError("maximum recursion depth exceeded by calls through the gateway")
