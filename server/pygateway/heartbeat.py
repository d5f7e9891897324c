"""When a Gateway Monitor asks its server whether it lives, and when it acts on one that failed. No I/O; times are
seconds of time.monotonic.
"""

from collections import deque

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Deque, Optional

#: So many restarts within so many seconds are flapping: the server does not stay up, and is left alone.
FLAPS, FLAPPING_WITHIN = 5, 600.0


class Heartbeat:
    """One question at a time, `interval` seconds after the last answer; 0 asks none.

    A question that is not answered within `timeout` seconds is a failure; with 0, none ever is.
    """

    def __init__(self, interval: float, timeout: float, now: float) -> None:
        self._interval = interval
        self._timeout = timeout
        self._next = now + interval
        self._asked: Optional[float] = None

    def left(self, now: float) -> "Optional[float]":
        """Seconds until it is to ask or to give up; None if it waits for nothing."""
        if self._asked is None:
            return max(0.0, self._next - now) if self._interval else None
        return max(0.0, self._asked + self._timeout - now) if self._timeout else None

    def is_due(self, now: float) -> bool:
        """Whether to ask."""
        return self._asked is None and self.left(now) == 0.0

    def is_overdue(self, now: float) -> bool:
        """Whether the last question was not answered in time."""
        return self._asked is not None and self.left(now) == 0.0

    def ask(self, now: float) -> None:
        self._asked = now

    def is_answer_due(self) -> bool:
        return self._asked is not None

    def answered(self, now: float) -> None:
        self._asked = None
        self._next = now + self._interval


class Recovery:
    """How long to wait before the next attempt to get a failed server back, and whether that is in vain."""

    def __init__(self, retry: float) -> None:
        """`retry` is the longest pause, in seconds; with 0 there is but one attempt for each failure."""
        self._retry = retry
        self._restarts: Deque[float] = deque(maxlen=FLAPS)

    def restarted(self, now: float) -> None:
        self._restarts.append(now)

    def is_flapping(self) -> bool:
        """Whether it was restarted so often of late that once more would be in vain."""
        return len(self._restarts) == FLAPS and self._restarts[-1] - self._restarts[0] <= FLAPPING_WITHIN

    def pauses(self) -> "Iterator[float]":
        """Seconds before each attempt: none before the first, then 1, 2, 4 and so on."""
        yield 0.0
        pause = 1.0
        while self._retry:
            yield min(pause, self._retry)
            pause = min(2 * pause, self._retry)
