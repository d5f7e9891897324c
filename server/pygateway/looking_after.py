"""What is done for a host's connections now and then, without a request of the program's own.

Once a second, one thread for all connections of this process looks at each. What the host dropped is released with its
next request, so that a release costs no trip; of a host that makes none, this thread sends the releases. And where
calls have waited long, it has the server asked for a sign of life. No finaliser sends anything, and no call does
anything for this.
"""

import threading
import time
import weakref

from .deadlines import deadline
from .errors import ConnectError, ConnectionLost, DeadlineExceeded, GatewayError
from .forking import leave_to_parent
from .frames import CALL, PING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .session import Session

#: Seconds after which a host counts as quiet; it has released what it dropped after twice that at the latest.
QUIET = 1.0
#: Seconds between two questions where the first could not even be asked.
PAUSE = 0.5


class _Seen:
    """What a connection was seen at: the number of its last request, since when, and whether the server is asked."""

    def __init__(self) -> None:
        self.requests = -1
        self.since = 0.0
        self.asks = False


class LookingAfter:
    """The connections that are looked after, each from its beginning on.

    Owner of the thread: this module. End: at its next look after the last connection ended or is not used any more.
    """

    def __init__(self) -> None:
        self._seen: "weakref.WeakKeyDictionary[Session, _Seen]"
        self.forsake()
        leave_to_parent(self)

    def forsake(self) -> None:
        """In a forked child, where the thread is not, and the connections are the parent's."""
        #: Guards what was seen. Never held while anything is sent or waits.
        self._seen_lock = threading.Lock()
        self._seen = weakref.WeakKeyDictionary()
        self._looks = False

    def look_after(self, session: "Session") -> None:
        """Begin to look after a connection."""
        with self._seen_lock:
            self._seen[session] = _Seen()
            if self._looks:
                return
            self._looks = True
        try:
            threading.Thread(target=self._run, name="looking after", daemon=True).start()
        except RuntimeError:  # the system has no more threads; the next connection tries again
            self._looks = False

    def _run(self) -> None:
        try:
            while self._look():
                time.sleep(QUIET)
        except BaseException:  # a defect of ours, which the thread shows; the next connection is looked after again
            self._looks = False
            raise

    def _look(self) -> bool:
        """Look once at each connection; False if there is none any more, and the thread is to end."""
        with self._seen_lock:
            sessions = [(session, seen) for session, seen in self._seen.items() if session.connected]
            self._seen = weakref.WeakKeyDictionary(sessions)
            self._looks = bool(sessions)
        now = time.monotonic()
        for session, seen in sessions:
            if seen.requests != session.requests or not session.is_waiting():
                seen.since = now
            if seen.requests != session.requests:
                seen.requests = session.requests
                continue
            if session.imports.dropped:
                session.release_dropped()
            interval, timeout = session.heartbeat
            if interval and timeout and now - seen.since >= interval and not seen.asks:
                _begin_to_ask(session, seen)
        return bool(sessions)


def _begin_to_ask(session: "Session", seen: _Seen) -> None:
    seen.asks = True
    try:
        # Owner: the connection. End: with the answer, or after the time in which one must come.
        threading.Thread(target=_ask, args=(session, seen), name="heartbeat", daemon=True).start()
    except RuntimeError:  # the system has no more threads; the next look tries again
        seen.asks = False


def _ask(session: "Session", seen: _Seen) -> None:
    """Ask the server for a sign of life, beside the calls that wait; without one, the connection is lost."""
    timeout = session.heartbeat[1]
    until = time.monotonic() + timeout
    why: GatewayError = ConnectionLost("the server gave no sign of life within %g s" % timeout)
    while session.connected:
        left = until - time.monotonic()
        if left <= 0:
            session.lose(why)
            return
        try:
            with deadline(left):
                session.request(CALL, 0, PING)
        except ConnectError:  # no further stream can be had; it may be short of something for a moment
            time.sleep(PAUSE)
        except DeadlineExceeded:
            session.lose(why)
            return
        except GatewayError as error:
            session.lose(error)
            return
        else:
            seen.since = time.monotonic()
            seen.asks = False
            return


_looking_after = LookingAfter()
look_after = _looking_after.look_after
