"""Items of a container in chunks: a cursor on the side where the container is, a generator where its proxy is.

A loop over a remote list of 10,000 makes a few trips, not 10,000. Only containers of the standard types are read
ahead, since their iteration runs no code of anybody's; generators, files and classes of their own stay lazy.
"""

from itertools import islice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, Optional, Tuple

    from .link import Link

#: Items of the first chunk, and most items of any later one; each is twice as long as the one before.
FIRST, MOST = 64, 4096

#: Standard containers by the class that defines their `__iter__`, as (module, name).
_CONTAINERS = frozenset(
    [("builtins", name) for name in ("list", "tuple", "dict", "set", "frozenset", "bytearray", "bytes", "str")]
    + [("builtins", before + after) for before in ("dict_", "odict_") for after in ("keys", "values", "items")]
    + [("collections", "deque"), ("collections", "OrderedDict"), ("array", "array")]
)
#: Those whose iterator goes by place, so that it sees what is changed under it.
_BY_PLACE = frozenset(("list", "tuple", "bytearray", "bytes", "str", "array"))

#: Methods that change a container: what was read ahead of it, or of a view of it, may be stale after them.
CHANGES = frozenset(
    """__setitem__ __delitem__ __iadd__ __imul__ __ior__ __iand__ __isub__ __ixor__ add append appendleft byteswap clear
    difference_update discard extend extendleft frombytes fromlist insert intersection_update move_to_end pop popitem
    popleft remove reverse rotate setdefault sort subtract symmetric_difference_update update""".split()  # noqa: SIM905 - reads
)


def container_class(of: type) -> "Optional[type]":
    """The standard class by whose `__iter__` instances of `of` are iterated; None where it is anything else."""
    for base in of.__mro__:
        if "__iter__" in base.__dict__:
            return base if (base.__module__, base.__name__) in _CONTAINERS else None
    return None


class Cursor:
    """A place in a container, and what it gives from there."""

    def __init__(self, container: "Any") -> None:
        self._container = container
        self._base: Any = container_class(type(container)) or type(container)
        self._by_place = self._base.__name__ in _BY_PLACE
        self._begin()
        self._given = 0

    def _begin(self) -> None:
        if not self._by_place:
            self._items = self._base.__iter__(self._container)
            #: Never advanced: asked for an item it raises what Python raises after a change.
            self._witness = self._base.__iter__(self._container)

    def fetch(self, count: int, again: "Optional[int]" = None) -> "Tuple[Any, ...]":
        """Up to `count` further items.

        `again`, given where something was changed, says how many of those given last to begin with once more. Raises
        RuntimeError then, as Python does, where the container does not allow the change.
        """
        if again is not None:
            self._given -= again
            if not self._by_place:
                next(self._witness, None)
                self._begin()
                next(islice(self._items, self._given, self._given), None)
        if self._by_place:
            some = tuple(self._base.__getitem__(self._container, slice(self._given, self._given + count)))
        else:
            some = tuple(islice(self._items, count))
        self._given += len(some)
        return some


def begin(container: "Any") -> "Tuple[Any, ...]":
    """What a `__iter__` in chunks is answered with: a cursor, and the first items."""
    cursor = Cursor(container)
    return (cursor, *cursor.fetch(FIRST))


def items(link: "Link", cursor: "Any", chunk: "Tuple[Any, ...]") -> "Iterator[Any]":
    """The items behind a cursor's proxy, `chunk` being the first ones."""
    return _items(link, cursor, chunk, link.changes, link.requests)


def _items(link: "Link", cursor: "Any", chunk: "Tuple[Any, ...]", changes: int, requests: int) -> "Iterator[Any]":
    count = FIRST
    while chunk or changes != link.changes:
        given = 0
        for item in chunk:
            if link.changes != changes:
                break
            given += 1
            yield item
        if link.changes != changes:
            changes = link.changes
            chunk = cursor.fetch(count, len(chunk) - given)
        elif len(chunk) == count:
            count = min(2 * count, MOST)
            chunk = cursor.fetch(count)
        elif link.requests != requests:  # whatever was called in the loop may have put something in
            chunk = cursor.fetch(count, 0)
        else:
            return
        requests = link.requests


def take(iterator: "Iterator[Any]", count: int) -> "Tuple[Any, ...]":
    """Up to `count` items of an iterator behind the exception that ended them, None if there was none."""
    some = []
    try:
        for _ in range(count):
            some.append(next(iterator))  # noqa: PERF401 - what was got before an error counts
    except Exception as error:  # noqa: BLE001 - it is raised where the items are used
        return (error, *some)
    return (None, *some)


def ahead(iterable: "Iterable[Any]", count: int = 1000) -> "Iterator[Any]":
    """The items of `iterable`, read `count` at a time where they are: one trip for each `count`, not for each item.

    For iterators and generators behind proxies, which a plain loop asks for one item at a time. What they do on the way
    happens earlier than the loop gets to it. Raises ValueError for a `count` below 1.
    """
    if count < 1:
        raise ValueError("at least one item is read at a time, not %r" % (count,))
    iterator: Any = iter(iterable)
    some: Optional[Callable[[int], Tuple[Any, ...]]] = getattr(type(iterator), "_take", None)
    return iterator if some is None else _ahead(iterator, count)


def _ahead(iterator: "Any", count: int) -> "Iterator[Any]":
    error = None
    while error is None:
        error, *some = iterator._take(count)
        yield from some
    if not isinstance(error, StopIteration):
        raise error
