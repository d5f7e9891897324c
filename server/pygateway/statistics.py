"""How many calls a server has run and how long they took; which threads run what, and which objects are held.

Each object's thread counts its own calls, without a lock. Of the calls one in SAMPLED is timed, by the number of its
request; its duration goes into a bucket for each power of two of microseconds. What a thread counted is added to the
server's when it ends.
"""

import json
import threading
import time

from .frames import BATCH, CALL, DEADLINE, GET_STATIC, INVOKE, NAMED, NEW, PING, SET_STATIC

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional

    from .connection import Connection
    from .frames import Frame
    from .object_thread import ObjectThread

#: One call in so many is timed; a power of two.
SAMPLED = 16
#: Buckets: the n-th has what took less than 2**n microseconds and not less than half of that.
BUCKETS = 40
#: Most threads and objects that are told of at once, the oldest first.
MOST = 1000


class Statistics:
    """What the threads that have ended counted."""

    def __init__(self) -> None:
        #: Guards the sums.
        self._sums_lock = threading.Lock()
        self._calls = 0
        self._timed = [0] * BUCKETS
        self._seconds = 0.0

    def add(self, thread: "ObjectThread") -> None:
        """Add what a thread counted that ends now."""
        with self._sums_lock:
            self._calls += thread.calls
            _add(self._timed, thread.timed)
            self._seconds += thread.timed_seconds

    def told(self, threads: "List[ObjectThread]") -> "Dict[str, Any]":
        """The sums, with what the threads have counted that run now."""
        with self._sums_lock:
            calls, seconds, timed = self._calls, self._seconds, list(self._timed)
        for thread in threads:
            calls += thread.calls
            seconds += thread.timed_seconds
            _add(timed, thread.timed)
        return {"calls": calls, "sampled": SAMPLED, "timed": timed, "timed_seconds": seconds}


def _add(sums: "List[int]", timed: "Optional[List[int]]") -> None:
    if timed is not None:
        for place, count in enumerate(timed):
            sums[place] += count


def bucket(seconds: float) -> int:
    """The number of the bucket for a duration."""
    return min(int(seconds * 1e6).bit_length(), BUCKETS - 1)


def running(connections: "List[Connection]") -> "Dict[str, Any]":
    """The threads of objects: what each runs and since when (seconds ago), or how long it has been idle."""
    now = time.monotonic()
    threads = [(thread, connection) for connection in connections for thread in connection.threads_now()]
    told = [_thread(thread, connection, now) for thread, connection in threads]
    told.sort(key=lambda one: (one["runs"] is None, -one["seconds"]))
    return {"total": len(told), "threads": told[:MOST]}


def _thread(thread: "ObjectThread", connection: "Connection", now: float) -> "Dict[str, Any]":
    request, stream = thread.request, thread.serving
    return {
        "connection": connection.number,
        "peer": connection.peer,
        "thread": thread.thread.ident or 0,
        "objects": thread.owned,
        "calls": thread.calls,
        "runs": None if stream is None or request is None else _call(request, connection),
        "waits_for_host": stream is not None and thread in stream.waiting,
        "seconds": now - thread.began if thread.began else 0.0,
    }


def _call(request: "Frame", connection: "Connection") -> str:
    """The call that a request makes, as far as it says."""
    kind, flags, _, number, member, body, _ = request
    entry = connection.exports.by_number.get(number)
    if entry is not None:
        of = "%s.%s" % (entry.described.of.__module__, entry.described.of.__qualname__)
        names = entry.described.names
        if kind == BATCH:
            return of + ", a batch"
        return "%s.%s" % (of, names[member] if member < len(names) else _texts(flags, body, 1)[0])
    if kind == CALL and member == PING:
        return "ping"
    if kind == CALL and member == NEW:
        return _texts(flags, body, 1)[0] + "()"
    if kind == CALL and member in (INVOKE, GET_STATIC, SET_STATIC):
        owner, name = _texts(flags, body, 2)
        return "%s%s%s" % (owner, "" if owner.endswith(".") else ".", name)
    return "member %s of object %d" % (member if member != NAMED else "by name", number)


def _texts(flags: int, body: bytes, count: int) -> "List[str]":
    """The first texts of a body, as they stand there; a mark in place of what is none."""
    try:
        items = json.loads((body[4:] if flags & DEADLINE else body).decode("ascii"))
        found = [item if type(item) is str else "?" for item in items[:count]]
    except (ValueError, TypeError):
        found = []
    return found + ["?"] * (count - len(found))


def held(connections: "List[Connection]") -> "Dict[str, Any]":
    """The objects that hosts hold: number, class, who holds it, and since when (seconds ago)."""
    now = time.monotonic()
    found = [(entry, connection) for connection in connections for entry in list(connection.exports.by_number.values())]
    found.sort(key=lambda pair: pair[0].since)
    objects = [
        {
            "number": entry.number,
            "class": "%s.%s" % (entry.described.of.__module__, entry.described.of.__qualname__),
            "connection": connection.number,
            "peer": connection.peer,
            "seconds": now - entry.since,
        }
        for entry, connection in found[:MOST]
    ]
    return {"total": len(found), "objects": objects}
