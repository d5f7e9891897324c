"""Many calls in few trips: a batch collects calls and sends those of one object in one frame."""

from .errors import DeadlineExceeded
from .frames import CALL, GET, NAMED, SET
from .later import Later
from .proxy import Proxy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future
    from types import TracebackType
    from typing import Any, List, Optional, Tuple, Type

    from .codec import Call
    from .frames import Frame
    from .session import Packed, Session

    #: The number of an object, a call of it, and its future.
    Collected = Tuple[int, Call, Later]

#: Most calls that travel in one frame; a longer batch takes more trips.
MAX_CALLS = 1000


class Batch:
    """`with gateway.batch() as batch: later = batch(person.displayPerson)` - calls that are sent when the block ends.

    Each returns a `concurrent.futures.Future` at once, which has its result or its error after the block. The calls run
    in order; one that fails stops none of the others. A block that an exception ends sends nothing and cancels all.
    """

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._calls: List[Collected] = []

    def __call__(self, method: "Callable[..., Any]", *args: "Any", **kwargs: "Any") -> "Future[Any]":
        """Call a method of a proxy. Raises TypeError for anything else."""
        proxy, member = getattr(method, "__self__", None), getattr(method, "member", None)
        if member is None or not isinstance(proxy, Proxy):
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
        calls, self._calls = [each for each in self._calls if each[2].begin()], []
        sent: List[List[Collected]] = []
        answers: List[Frame] = []
        try:
            self._session.ask_all(self._packed(calls, sent), answers)
        except BaseException as error:
            self._settle(sent, answers)
            for _, _, future in calls:
                if not future.done():
                    future.settle(error)
            raise
        else:
            self._settle(sent, answers)
        finally:
            self._session.forget_mine()

    def _packed(self, calls: "List[Collected]", sent: "List[List[Collected]]") -> "Iterator[Packed]":
        """The requests for `calls`; those that each is for are put into `sent`. What can't be packed has failed."""
        groups = list(_of_one_object(calls))
        groups.reverse()
        while groups:
            group = groups.pop()
            try:
                packed = self._session.pack_calls(group[0][0], [call for _, call, _ in group])
            except DeadlineExceeded:
                raise
            except Exception as error:  # noqa: BLE001 - of a call's arguments; it belongs to whoever wants the result
                if len(group) == 1:
                    group[0][2].settle(error)
                groups.extend([each] for each in reversed(group) if len(group) > 1)
            else:
                sent.append(group)
                yield packed

    def _settle(self, sent: "List[List[Collected]]", answers: "List[Frame]") -> None:
        for group, answer in zip(sent, answers):
            for (_, _, future), (error, result) in zip(group, self._session.results_of(answer, len(group))):
                future.settle(error, result)

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

    def _add(self, proxy: Proxy, call: "Call") -> "Later":
        if proxy._link is not self._session:
            raise TypeError("the proxy belongs to another connection than the batch")
        future: Later = Later()
        self._calls.append((proxy._number, call, future))
        return future


def _of_one_object(calls: "List[Collected]") -> "Iterator[List[Collected]]":
    """The calls in order, cut into those that travel together."""
    start = 0
    for end in range(1, len(calls) + 1):
        if end == len(calls) or calls[end][0] != calls[start][0] or end - start == MAX_CALLS:
            yield calls[start:end]
            start = end
