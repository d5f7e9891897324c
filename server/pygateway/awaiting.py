"""What `await` of a proxy does: a worker waits for the object's coroutine, so that the host's event loop goes on."""

import asyncio
import threading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any, Optional

    from .session import Session
    from .stream import Stream


class Awaited:
    """A call that a worker makes and that the event loop may give up meanwhile."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        #: Guards what follows, so that a stream is given up only while it carries this call.
        self._stream_lock = threading.Lock()
        self._stream: Optional[Stream] = None
        self._given_up = False

    def travels_on(self, stream: "Optional[Stream]") -> bool:
        """Note the stream that carries the call now, None behind its end; False if nobody waits for it any more."""
        with self._stream_lock:
            self._stream = stream
            return not self._given_up

    def give_up(self) -> None:
        """Part with the call, on the thread of the event loop."""
        with self._stream_lock:
            self._given_up = True
            if self._stream is not None:
                self._session.give_up(self._stream)


def awaited(session: "Session", number: int) -> "Generator[Any, Any, Any]":
    """Wait in the running event loop for the peer's coroutine `number`; its result. Cancelling gives the call up."""
    call = Awaited(session)
    result = asyncio.wrap_future(session.workers().submit(session.wait_for, number, call))
    try:
        return (yield from result.__await__())
    except BaseException:
        if not result.done() or result.cancelled():
            call.give_up()
        raise
