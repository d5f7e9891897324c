# ruff: noqa: RUF005, ARG005 - a hosted module is written as users write theirs, for old interpreters too
"""Classes of many shapes, for their proxies."""

import contextlib
import functools


class Company:
    def __init__(self, name="InterSystems"):
        self.name = name


class Person:
    """A person, with everything that a class may have."""

    species = "human"

    def __init__(self, name="Tom", age=5, **more):
        self.name = name
        self._age = age
        self.company = Company()
        self.more = more
        self.reads = 0
        self.tags = ["a"]

    @property
    def age(self):
        """The age in years."""
        return self._age

    @age.setter
    def age(self, value):
        if value < 0:
            raise ValueError("an age is not negative")
        self._age = value

    @property
    def fixed(self):
        return "read only"

    @property
    def fails(self):
        self.reads += 1
        raise AttributeError("this property fails by itself")

    @property
    def deletable(self):
        return self.__dict__.get("kept", "deleted")

    @deletable.deleter
    def deletable(self):
        self.kept = "deleted by its deleter"

    def greet(self, who, greeting="Hello", *others, punctuation="!", **more):
        """Greet somebody."""
        names = ", ".join((who,) + others)
        return "%s, %s%s%s" % (greeting, names, punctuation, "".join(sorted(more)))

    def defaults(self, a, b=1, *, c=None, d=("x",)):
        return (a, b, c, d)

    @classmethod
    def named(cls, name):
        return cls(name)

    @staticmethod
    def static(a, b=2):
        return a + b

    def myself(self):
        return self

    def _hidden(self):
        return "hidden"

    class Badge:
        number = 7


class Lazy:
    """Attributes that are made when they are read first."""

    made = 0

    if hasattr(functools, "cached_property"):

        @functools.cached_property
        def total(self):
            type(self).made += 1
            return 42

    partial = functools.partialmethod(lambda self, a, b: (a, b), 1)

    def __getattr__(self, name):
        if name.startswith("dynamic"):
            return name.upper()
        raise AttributeError(name)


class Slotted:
    __slots__ = ("x",)

    def __init__(self):
        self.x = 1


class Number:
    """All operators; it tells which one was used."""

    def __init__(self, value=10):
        self.value = value

    def _two(name):  # noqa: N805 - makes methods
        def method(self, other):
            return "%s %s" % (name, getattr(other, "value", other))

        return method

    for _name in "add sub mul matmul truediv floordiv mod divmod pow lshift rshift and xor or".split():  # noqa: SIM905
        locals()["__%s__" % _name] = _two(_name)
        locals()["__r%s__" % _name] = _two("r" + _name)
    for _name in "lt le gt ge".split():  # noqa: SIM905
        locals()["__%s__" % _name] = _two(_name)
    del _name, _two

    def __iadd__(self, other):
        self.value += other
        return self

    def __neg__(self):
        return -self.value

    def __pos__(self):
        return "pos"

    def __abs__(self):
        return "abs"

    def __invert__(self):
        return "invert"

    def __int__(self):
        return self.value

    def __float__(self):
        return float(self.value)

    def __complex__(self):
        return complex(self.value, 1)

    def __index__(self):
        return self.value

    def __round__(self, digits=None):
        return "round %s" % digits

    def __trunc__(self):
        return 1

    def __floor__(self):
        return 2

    def __ceil__(self):
        return 3

    def __bool__(self):
        return bool(self.value)

    def __format__(self, spec):
        return "formatted %s" % spec

    def __str__(self):
        return "a number"

    def __bytes__(self):
        return b"bytes"

    def __fspath__(self):
        return "/some/path"


class Equal:
    def __init__(self, key):
        self.key = key

    def __eq__(self, other):
        return self.key == getattr(other, "key", other)

    def __hash__(self):
        return hash(self.key)


class Unhashable:
    def __eq__(self, other):
        return True

    __hash__ = None


class Bag:
    """A container of the user's."""

    def __init__(self, items):
        self.items = list(items)
        self.indexed = 0

    def __len__(self):
        return len(self.items)

    def __iter__(self):
        return iter(self.items)

    def __contains__(self, item):
        return item in self.items

    def __getitem__(self, key):
        self.indexed += 1
        return self.items[key]

    def __setitem__(self, key, value):
        self.items[key] = value

    def __delitem__(self, key):
        del self.items[key]

    def __reversed__(self):
        return iter(self.items[::-1])


class OldSequence:
    """Iterable by __getitem__ alone."""

    def __getitem__(self, index):
        if index >= 3:
            raise IndexError(index)
        return index * 10


class Manager:
    def __init__(self, swallows=False):
        self.swallows = swallows
        self.seen = []

    def __enter__(self):
        self.seen.append("enter")
        return self

    def __exit__(self, kind, error, trace):
        self.seen.append("exit" if kind is None else "%s %s" % (kind.__name__, error))
        return self.swallows


class Callable:
    def __call__(self, a, b=2):
        return a * b


@contextlib.contextmanager
def managed(events, swallow=False):
    events.append("begin")
    try:
        yield "resource"
    except ValueError as error:
        events.append("except %s" % error)
        if not swallow:
            raise
    finally:
        events.append("end")


def count_to(number):
    for value in range(number):
        received = yield value
        if received:
            yield received
