"""The objects of a connection as one side keeps them: its own that the peer holds, and the peer's that it holds."""

import threading
import weakref
from collections import deque
from time import monotonic

from .description import Description
from .errors import LimitError, ReleasedError
from .frames import CALL, DESCRIBE
from .proxy import Proxy, make, proxy_class

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any, Dict, List, Optional

    from .link import Link


class Exported:
    """An object of this side that the peer holds."""

    __slots__ = ("described", "number", "owner", "sent", "since", "value")

    def __init__(self, number: int, value: "Any", described: Description, owner: "Any") -> None:
        self.number = number
        self.value = value
        self.described = described
        self.owner = owner
        self.sent = 0
        #: When it was sent first, of time.monotonic.
        self.since = monotonic()


class Exports:
    """This side's objects by number, and how often each was sent; what was sent as often as released is let go.

    Numbers, of objects and of classes, begin behind `base`: the processes that share a connection have each their own.
    """

    def __init__(self, base: int = 0) -> None:
        self._base = base
        self.by_number: Dict[int, Exported] = {}
        self._by_identity: Dict[int, Exported] = {}
        self._described: Dict[int, Description] = {}
        self._by_class: Dict[int, Description] = {}
        self._next = base + 1
        #: Most objects that the peer may hold, if that is limited; and what checks whether it may have a value.
        self.most: Optional[int] = None
        self.check: Optional[Callable[[Any], Any]] = None
        self._table_lock = threading.RLock()  # re-entrant: collecting garbage may run a user's finaliser here

    def forsake(self) -> None:
        """In a forked child: a thread of the parent's may hold the lock."""
        self._table_lock = threading.RLock()

    def send(self, value: "Any", owner: "Any") -> Exported:
        """The entry of `value`, counted as sent once more; a new one belongs to `owner`."""
        entry = self._by_identity.get(id(value))
        described = self._describe(type(value)) if entry is None else entry.described
        if entry is None and self.check is not None:
            self.check(value)
        with self._table_lock:
            entry = self._by_identity.get(id(value))
            if entry is None:
                if self.most is not None and len(self.by_number) >= self.most:
                    raise LimitError(
                        "this connection holds %d objects, and its server allows no more; drop some" % self.most
                    )
                entry = Exported(self._next, value, described, owner)
                self._next += 1
                self.by_number[entry.number] = entry
                self._by_identity[id(value)] = entry
                if owner is not None:
                    owner.owned += 1
            entry.sent += 1
            return entry

    def get(self, number: int) -> Exported:
        """The entry of `number`. Raises ReleasedError if there is none."""
        entry = self.by_number.get(number)
        if entry is None:
            if self._base and not self._base < number < self._next:
                raise ReleasedError(
                    "object %d is none of this process's; one of another process can't be called from here" % number
                )
            raise ReleasedError("object %d is not there (any more): its last proxy was dropped" % number)
        return entry

    def release(self, numbers: "Iterable[int]") -> "List[Exported]":
        """Count each of `numbers` as released once; the entries that nobody holds now, out of the table."""
        ended = []
        with self._table_lock:
            for number in numbers:
                entry = self.by_number.get(number)
                if entry is None:
                    continue
                entry.sent -= 1
                if not entry.sent:
                    del self.by_number[number]
                    del self._by_identity[id(entry.value)]
                    ended.append(entry)
        return ended

    def clear(self) -> "List[Exported]":
        """All entries, out of the table."""
        with self._table_lock:
            entries = list(self.by_number.values())
            self.by_number.clear()
            self._by_identity.clear()
        return entries

    def described(self, number: int) -> Description:
        """The description of a class that was sent with an object. Raises ReleasedError for any other number."""
        try:
            return self._described[number]
        except KeyError:
            raise ReleasedError("no class %r was sent on this connection" % (number,)) from None

    def _describe(self, of: type) -> Description:
        found = self._by_class.get(id(of))
        if found is None:
            made = Description(0, of)
            with self._table_lock:
                found = self._by_class.setdefault(id(of), made)
                if found is made:
                    made.number = self._base + len(self._described) + 1
                    self._described[made.number] = made
        return found


class _Held(weakref.ref):  # type: ignore[type-arg] # generic in the stubs only; Python 3.6 has no such syntax
    """A weak reference to a proxy that knows its number, for the moment when the proxy is gone."""

    __slots__ = ("number",)

    number: int


class Imports:
    """The peer's objects that this side holds as proxies: one proxy for each object, and the class of each."""

    def __init__(self, link: "Link") -> None:
        self._link = link
        self._held: Dict[int, _Held] = {}
        self._classes: Dict[int, type[Proxy]] = {}
        self.dropped: deque[int] = deque()
        self._held_lock = threading.RLock()  # re-entrant: collecting garbage may run a user's finaliser here

    def forsake(self) -> None:
        """In a forked child: a thread of the parent's may hold the lock."""
        self._held_lock = threading.RLock()

    def proxy(self, number: int, described: int) -> Proxy:
        """The proxy of the peer's object `number`; the one that is there, if there is one."""
        kind = self._classes.get(described)
        if kind is None:
            kind = self.learn(described, proxy_class(self._link.request(CALL, 0, DESCRIBE, (described,))))
        with self._held_lock:
            held = self._held.get(number)
            proxy: Optional[Proxy] = None if held is None else held()
            if proxy is not None:
                self.dropped.append(number)  # sent once more than this side needs
                return proxy
            proxy = make(kind, self._link, number)
            held = _Held(proxy, self._drop)
            held.number = number
            self._held[number] = held
            return proxy

    def knows(self, described: int) -> bool:
        """Whether the class of the peer's number `described` is known here."""
        return described in self._classes

    def learn(self, described: int, kind: "type[Proxy]") -> "type[Proxy]":
        """Note what the proxies of a class are to be; what they are, if another thread was quicker."""
        return self._classes.setdefault(described, kind)

    def held(self, number: int) -> "Optional[Proxy]":
        """The proxy of the peer's object `number`, if there is one."""
        held = self._held.get(number)
        return None if held is None else held()

    def _drop(self, held: _Held) -> None:
        """Called by the garbage collector at any moment: takes no lock and sends nothing."""
        self.dropped.append(held.number)

    def take_dropped(self) -> "Sequence[int]":
        """The numbers to release, each as often as it is to be released; they are not returned again."""
        if not self.dropped:
            return ()
        taken = []
        with self._held_lock:
            while self.dropped:
                number = self.dropped.popleft()
                taken.append(number)
                held = self._held.get(number)
                if held is not None and held() is None:
                    del self._held[number]
        return taken
