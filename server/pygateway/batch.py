"""Many calls in few trips: a batch collects calls and sends those of one object in one frame."""

from . import failures
from .frames import CALL, GET, NAMED, SET
from .proxy import Proxy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from types import TracebackType
    from typing import Any, List, Optional, Tuple, Type

    from .codec import Call
    from .session import Session

#: Most calls that travel in one frame; a longer batch takes more trips.
MAX_CALLS = 1000


class Batch:
    """`with gateway.batch() as batch: later = batch(person.displayPerson)` - calls that are sent when the block ends.

    Each returns a `concurrent.futures.Future` at once, which has its result or its error after the block. The calls run
    in order; one that fails stops none of the others. A block that an exception ends sends nothing and cancels all.
    """

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._calls: List[Tuple[int, Call, Future[Any]]] = []

    def __call__(self, method: "Callable[..., Any]", *args: "Any", **kwargs: "Any") -> "Future[Any]":
        """Call a method of a proxy. Raises TypeError for anything else."""
        proxy, member = getattr(method, "__self__", None), getattr(method, "member", None)
        if not isinstance(proxy, Proxy) or member is None:
            raise TypeError("a batch takes methods of proxies, such as person.displayPerson, not %r" % (method,))
        return self._add(proxy, (CALL, member, args, kwargs))

    def get(self, proxy: Proxy, name: str) -> "Future[Any]":
        """Read an attribute of a proxy."""
        return self._add(proxy, (GET, NAMED, (name,), {}))

    def set(self, proxy: Proxy, name: str, value: "Any") -> "Future[Any]":
        """Set an attribute of a proxy."""
        return self._add(proxy, (SET, NAMED, (name, value), {}))

    def send(self) -> None:
        """Send what was collected, and wait until all has been answered. Raises what the connection raises."""
        calls, self._calls = self._calls, []
        try:
            while calls:
                number = calls[0][0]
                count = 1
                while count < min(len(calls), MAX_CALLS) and calls[count][0] == number:
                    count += 1
                self._send(number, calls[:count])
                del calls[:count]
        finally:
            for _, _, future in calls:
                future.cancel()

    def __enter__(self) -> "Batch":
        return self

    def __exit__(
        self,
        kind: "Optional[Type[BaseException]]",
        error: "Optional[BaseException]",
        trace: "Optional[TracebackType]",
    ) -> None:
        if error is None:
            self.send()
        else:
            for _, _, future in self._calls:
                future.cancel()

    def _add(self, proxy: Proxy, call: "Call") -> "Future[Any]":
        if proxy._link is not self._session:
            raise TypeError("the proxy belongs to another connection than the batch")
        from concurrent.futures import Future  # it brings much along that other programs don't need

        future: Future[Any] = Future()
        self._calls.append((proxy._number, call, future))
        return future

    def _send(self, number: int, calls: "List[Tuple[int, Call, Future[Any]]]") -> None:
        answers = self._session.request_batch(number, [call for _, call, _ in calls])
        for (_, _, future), (failed, value) in zip(calls, answers):
            if failed:
                future.set_exception(failures.rebuild(value, self._session.where()))
            else:
                future.set_result(value)
