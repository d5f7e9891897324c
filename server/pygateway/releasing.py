"""Releases of hosts that have gone quiet.

What a host drops is released with its next request, so that a release costs no trip. A host that makes no further
request would keep its dropped objects alive at the server; once a second, one thread for all connections of this
process looks for such hosts and sends their releases. No finaliser sends anything, and no call does anything for it.
"""

import threading
import time
import weakref

from .forking import leave_to_parent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .session import Session

#: Seconds after which a host counts as quiet; it has released what it dropped after twice that at the latest.
QUIET = 1.0


class Releasing:
    """The connections that are looked after, each from its first proxy on.

    Owner of the thread: this module. End: at its next look after the last connection ended or is not used any more.
    """

    def __init__(self) -> None:
        self._seen: "weakref.WeakKeyDictionary[Session, int]"
        self.forsake()
        leave_to_parent(self)

    def forsake(self) -> None:
        """In a forked child, where the thread is not, and the connections are the parent's."""
        #: Guards what was seen. Never held while anything is sent or waits.
        self._seen_lock = threading.Lock()
        #: The number of the last request that each connection had made when it was looked at.
        self._seen = weakref.WeakKeyDictionary()
        self._looks = False

    def look_after(self, session: "Session") -> None:
        """Release what `session` drops, when it is quiet. Again is harmless."""
        with self._seen_lock:
            self._seen.setdefault(session, session.requests)
            if self._looks:
                return
            self._looks = True
        threading.Thread(target=self._run, name="releasing", daemon=True).start()

    def _run(self) -> None:
        while self._look():
            time.sleep(QUIET)

    def _look(self) -> bool:
        """Look once at each connection; False if there is none any more, and the thread is to end."""
        with self._seen_lock:
            sessions = [session for session in self._seen if session.connected]
            quiet = [session for session in sessions if self._seen[session] == session.requests]
            self._seen = weakref.WeakKeyDictionary({session: session.requests for session in sessions})
            self._looks = bool(sessions)
        for session in quiet:
            if session.imports.dropped:
                session.release_dropped()
        return bool(sessions)


_releasing = Releasing()
look_after = _releasing.look_after
