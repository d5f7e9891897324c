"""Deadlines of calls: set by `with deadline(seconds)`, passed on to what is called meanwhile, on both sides. No I/O."""

import time
from threading import get_ident

from .errors import DeadlineExceeded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Dict, Optional, Type

#: The moment (of time.monotonic) by which each thread's calls must have answered; threads without one are not here.
#: Mostly empty: whoever is called often looks at that first, and asks `check` only otherwise.
DUE: "Dict[int, float]" = {}


class deadline:  # noqa: N801 - reads as the statement that it is, like contextlib.suppress
    """`with deadline(2.0):` - calls made in the block must have answered 2 seconds after it began.

    The deadline goes along with each call: what an object calls on behalf of it, here or there, has only the time that
    is left. One within another never lasts longer than the outer one. A call that is not answered in time raises
    DeadlineExceeded; its connection stays usable. Raises ValueError for a time that is not positive.
    """

    __slots__ = ("_before", "_seconds")

    def __init__(self, seconds: float) -> None:
        if not seconds > 0:
            raise ValueError("a deadline is a positive number of seconds, not %r" % (seconds,))
        self._seconds = seconds
        self._before: Optional[float] = None

    def __enter__(self) -> "deadline":
        me = get_ident()
        self._before = DUE.get(me)
        due = time.monotonic() + self._seconds
        DUE[me] = due if self._before is None else min(due, self._before)
        return self

    def __exit__(
        self,
        kind: "Optional[Type[BaseException]]",
        error: "Optional[BaseException]",
        trace: "Optional[TracebackType]",
    ) -> None:
        me = get_ident()
        if self._before is None:
            DUE.pop(me, None)
        else:
            DUE[me] = self._before


def remaining() -> "Optional[float]":
    """The seconds that are left for what runs on this thread, 0.0 if none are; None without a deadline."""
    if not DUE:
        return None
    due = DUE.get(get_ident())
    return None if due is None else max(0.0, due - time.monotonic())


def check() -> "Optional[float]":
    """As `remaining`, but raises DeadlineExceeded if no time is left."""
    left = remaining()
    if left == 0.0:
        raise DeadlineExceeded("the deadline has passed")
    return left
