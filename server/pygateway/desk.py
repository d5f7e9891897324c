"""The desk of an object thread: what others give it, and the streams that it holds and waits for.

Others reach a thread through `give` and `lend` alone; all else is done on the thread itself.
"""

import threading
from collections import deque
from threading import get_ident

from .errors import ConnectionLost
from .waiting import READABLE, Bell, Poll

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Deque, Dict, List, Optional, Tuple

    from .connection import Connection, ServedStream
    from .coroutines import Coroutines
    from .frames import Frame
    from .objects import Exported

    #: A stream with a frame that was read from it, or without one if the stream is lost; no stream but objects to drop;
    #: or neither: the end.
    Item = Tuple[Optional[ServedStream], Any]


class _Waiter:
    """What a thread needs to wait for streams. Threads without streams sleep on a lock and need none of it."""

    def __init__(self) -> None:
        self.bell = Bell()
        self.poll = Poll()
        self.poll.register(self.bell.fd, READABLE)


#: Waiters that no thread needs now. As many exist as threads ever held streams at once, not as objects exist.
_spare: "Deque[_Waiter]" = deque()


def waiter() -> _Waiter:
    """A spare one, or a new one. Raises OSError if the system has no descriptors left."""
    try:
        return _spare.pop()
    except IndexError:
        return _Waiter()


_THE_END: "Item" = (None, None)


class Desk:
    """Of one thread, which starts with the first thing that it is given."""

    thread: threading.Thread

    def __init__(self, connection: "Connection") -> None:
        self.connection = connection
        #: The stream of the call chain that is running here.
        self.serving: Optional[ServedStream] = None
        #: Guards the inbox, the streams, and how the thread waits. Never held while anything waits or user code runs.
        self._desk_lock = threading.Lock()
        self._inbox: Deque[Item] = deque()
        self._streams: Dict[int, ServedStream] = {}
        self._ready: Deque[int] = deque()
        self._waiter: Optional[_Waiter] = None
        self._alarm = threading.Lock()
        self._alarm.acquire()
        self._asleep = False
        self._lends = False
        self._begun = False
        self._ended = False
        #: What waits in place of the thread, once an object of it has coroutines.
        self._coroutines: Optional[Coroutines] = None

    # From any thread.

    def give(self, stream: "Optional[ServedStream]", what: "Any") -> bool:
        """Put into the inbox; False if the thread has ended. With a stream, the giver holds it no more.

        The thread starts with the first thing that it is given, and so need not be woken for it. Raises RuntimeError
        where the system allows no more threads; the thread has ended then, and the giver holds the stream still.
        """
        with self._desk_lock:
            if not self._begun and stream is None:  # the end, before it began
                self._ended = True
            if self._ended:
                return False
            self._inbox.append((stream, what))
            begun, self._begun = self._begun, True
            if self._asleep:
                self._asleep = False
                self._alarm.release()
            elif self._waiter is not None and (self.thread.ident != get_ident() or self._coroutines is not None):
                self._waiter.bell.ring()
        if not begun:
            self._start()
        return True

    def _start(self) -> None:
        """Start the thread. Raises RuntimeError where the system allows no more."""
        raise NotImplementedError

    def has_ended(self) -> bool:
        """Whether nothing can be given to the thread any more."""
        return self._ended

    def lend(self) -> "List[ServedStream]":
        """Give up the streams that wait here while a call runs, for someone else to read."""
        with self._desk_lock:
            if not self._lends:
                return []
            lent = [stream for stream in self._streams.values() if stream is not self.serving]
            for stream in lent:
                self._forget(stream)
            self._ready.clear()
            return lent

    # On this thread.

    def _holds(self, stream: "ServedStream") -> bool:
        """Whether `stream` is here; its number alone does not say, since the system uses numbers again."""
        return self._streams.get(stream.fd) is stream

    def _adopt(self, stream: "ServedStream") -> bool:
        """Hold `stream`; False if the system gives nothing to wait with, and the stream is lost."""
        try:
            with self._desk_lock:
                if self._waiter is None:
                    self._waiter = waiter()
                self._streams[stream.fd] = stream
                self._waiter.poll.register(stream.fd, READABLE)
        except OSError as error:
            self.connection.lose(stream, ConnectionLost("no descriptors left: %s" % error))
            return False
        return True

    def _forget(self, stream: "ServedStream") -> None:
        """Hold `stream` no more. The caller holds the desk lock."""
        if not self._holds(stream):
            return
        del self._streams[stream.fd]
        assert self._waiter is not None
        self._waiter.poll.unregister(stream.fd)
        if not self._streams:
            _spare.append(self._waiter)
            self._waiter = None
            self._ready.clear()

    def _sleep(self) -> None:
        """Wait, holding no stream, until something is in the inbox."""
        with self._desk_lock:
            if self._inbox:
                return
            self._asleep = True
        self._alarm.acquire()

    def _take_back(self, stream: "ServedStream") -> "Frame":
        """Wait until the chain of `stream` comes back here. Raises ConnectionLost if the connection ends first."""
        while True:
            with self._desk_lock:
                item = next((each for each in self._inbox if each[0] is stream or each == _THE_END), None)
                if item is None:
                    self._asleep = True
                elif item != _THE_END:
                    self._inbox.remove(item)
            if item is None:
                self._alarm.acquire()
            elif item == _THE_END:
                raise ConnectionLost("the gateway connection ended while the host was called")
            elif item[1] is None:
                raise ConnectionLost("the host gave up the call that it is called back for")
            elif not self._adopt(stream):
                raise ConnectionLost("the server has no descriptors left to wait for the host")
            else:
                frame: Frame = item[1]
                return frame

    def _ends(self) -> bool:
        """Whether nothing is left to do; nothing can be given any more then."""
        with self._desk_lock:
            self._ended = not self._inbox
            return self._ended

    def _clear(self) -> "Tuple[List[ServedStream], List[Exported]]":
        """At the end: the streams, and the objects to drop, that are left; nothing can be given any more."""
        with self._desk_lock:
            self._ended = True
            streams = list(self._streams.values())
            for stream in streams:
                self._forget(stream)
            streams.extend(stream for stream, what in self._inbox if stream is not None and what is not None)
            entries = [entry for stream, what in self._inbox if stream is None for entry in what or ()]
            self._inbox.clear()
        return streams, entries
