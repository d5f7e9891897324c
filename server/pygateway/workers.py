"""Worker threads of a host, which wait for calls in place of the thread that made them."""

import threading
import time
from collections import deque
from concurrent.futures import Executor, Future

from .deadlines import deadline, remaining
from .errors import ConnectionLost, DeadlineExceeded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Deque, Dict, Optional, Tuple

    Job = Tuple[Future[Any], Optional[float], Callable[..., Any], Tuple[Any, ...], Dict[str, Any]]

#: Seconds without work after which a worker ends.
IDLE = 10.0


class Workers(Executor):
    """An executor whose threads never keep the program from ending: some may wait for a server for ever.

    Owner: a gateway or a session. End: each thread after IDLE seconds without work, or at `shutdown`.
    """

    def __init__(self, most: "Optional[int]" = None) -> None:
        """With `most` as many threads at most; without, one for each job that waits for none."""
        self._most = most
        #: Guards the jobs and the counts. Never held while user code runs.
        self._jobs_changed = threading.Condition()
        self._jobs: Deque[Job] = deque()
        self._threads = 0
        self._idle = 0
        self._ended = False

    def submit(self, function: "Callable[..., Any]", *args: "Any", **kwargs: "Any") -> "Future[Any]":  # type: ignore[override]
        """Run `function` on a worker, within the deadline of this thread. Raises ConnectionLost after `shutdown`."""
        left = remaining()
        future: Future[Any] = Future()
        job = (future, None if left is None else time.monotonic() + left, function, args, kwargs)
        with self._jobs_changed:
            if self._ended:
                raise ConnectionLost("the gateway was disconnected, and its workers have ended with it")
            self._jobs.append(job)
            if len(self._jobs) <= self._idle:
                self._jobs_changed.notify()
            elif self._most is None or self._threads < self._most:
                self._threads += 1
                threading.Thread(target=self._run, name="worker", daemon=True).start()
        return future

    def shutdown(self, wait: bool = False, *, cancel_futures: bool = True) -> None:  # noqa: ARG002 - as Executor has them
        """Cancel what has not begun, and let the threads end, each after its job. Waits for none. Again is harmless."""
        with self._jobs_changed:
            self._ended = True
            jobs = list(self._jobs)
            self._jobs.clear()
            self._jobs_changed.notify_all()
        for future, _, _, _, _ in jobs:
            future.cancel()

    def _run(self) -> None:
        job = self._next()
        while job is not None:
            _do(*job)
            job = None  # what it refers to is let go now, not with the next job
            job = self._next()

    def _next(self) -> "Optional[Job]":
        """The next job; None if the thread is to end."""
        with self._jobs_changed:
            if not self._jobs and not self._ended:
                self._idle += 1
                self._jobs_changed.wait_for(lambda: self._jobs or self._ended, IDLE)
                self._idle -= 1
            if self._jobs:
                return self._jobs.popleft()
            self._threads -= 1
            return None


def _do(
    future: "Future[Any]",
    due: "Optional[float]",
    function: "Callable[..., Any]",
    args: "Tuple[Any, ...]",
    kwargs: "Dict[str, Any]",
) -> None:
    """Run a job within its deadline (of time.monotonic)."""
    if not future.set_running_or_notify_cancel():
        return
    try:
        if due is None:
            result = function(*args, **kwargs)
        else:
            with deadline(_left(due)):
                result = function(*args, **kwargs)
    except BaseException as error:  # noqa: BLE001 - whatever it raises belongs to whoever waits for the future
        future.set_exception(error)
    else:
        future.set_result(result)


def _left(due: float) -> float:
    left = due - time.monotonic()
    if left <= 0:
        raise DeadlineExceeded("the deadline passed before a worker was free")
    return left
