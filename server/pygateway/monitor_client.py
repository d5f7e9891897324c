"""A client of a Gateway Monitor, as the monitor keeps it: a host that shares the monitor's connection."""

import os
import re
import threading
from collections import Counter

from .frames import DEADLINE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Dict, List, Optional, Tuple

#: An object of the server, as it stands in a body. Nothing else can look so: JSON text escapes quotes, and every array
#: begins with a tag but the outermost, whose beginning is left out.
_OBJECT = re.compile(rb'\["o",(\d+),(\d+)\]')
#: Each client's own objects have numbers of a range of their own, so large.
RANGE = 1 << 32


class Client:
    """What one client of the monitor holds and is owed. `number` is from 1; `token` is what its streams join with."""

    def __init__(self, number: int) -> None:
        self.base = number * RANGE
        self.token = os.urandom(16).hex()
        self.streams = 0
        #: Whether it wants to be shown what objects print, and whether it came only to ask the monitor itself.
        self.shows_output = False
        self.asked_only = True
        #: Guards what it holds and is owed.
        self._held_lock = threading.Lock()
        self._held: Counter[int] = Counter()
        self.owed: List[int] = []
        #: The number of the class of each object that it holds.
        self._classes: Dict[int, int] = {}

    def owns(self, number: int) -> bool:
        """Whether an object of this number would be this client's own."""
        return self.base < number <= self.base + RANGE

    def receives(self, references: "Sequence[Tuple[int, int]]") -> None:
        """Count objects of the server, numbers with those of their classes, that are sent to the client."""
        with self._held_lock:
            self._held.update(number for number, _ in references)
            self._classes.update(references)

    def passes_on(self, number: int) -> "Optional[int]":
        """Take one reference to an object from the client; the number of its class, or None if it holds none."""
        described = self._classes.get(number)
        return described if self.releases((number,)) else None

    def releases(self, numbers: "Iterable[int]") -> "List[int]":
        """Count what the client gives back; those of the numbers that it held."""
        given = []
        with self._held_lock:
            for number in numbers:
                count = self._held.get(number, 0)
                if not count:
                    continue
                given.append(number)
                if count > 1:
                    self._held[number] = count - 1
                else:
                    del self._held[number], self._classes[number]
        return given

    def holds(self) -> int:
        """How many objects of the server it holds."""
        with self._held_lock:
            return len(self._held)

    def leaves(self) -> "List[int]":
        """All that it still held, each number as often as it is to be released."""
        with self._held_lock:
            numbers = list(self._held.elements())
            self._held.clear()
            self._classes.clear()
        return numbers

    def owe(self, numbers: "Iterable[int]") -> None:
        """Note objects of the client that the server released; it is told in front of its next answer."""
        with self._held_lock:
            self.owed.extend(numbers)

    def take_owed(self) -> "List[int]":
        """What the client is to be told now; it is not returned again."""
        with self._held_lock:
            numbers, self.owed = self.owed, []
        return numbers


def referred(flags: int, body: bytes) -> "List[Tuple[int, int]]":
    """The sender's objects that a tagged body refers to, and their classes, by number, as often as it does."""
    return [(int(number), int(described)) for number, described in _OBJECT.findall(body, 5 if flags & DEADLINE else 1)]
