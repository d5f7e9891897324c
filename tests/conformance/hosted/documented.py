"""A module with everything that help and inspect look at."""

import functools
import typing

__version__ = "1.2.3"


def function(a: int, b: str = "x", *args, c: typing.Optional[int] = None, **kwargs) -> typing.List[int]:
    """A function.

    With a second paragraph.
    """


class Documented:
    """A class with documentation.

    It has two paragraphs.
    """

    attribute = 1

    def __init__(self, first, second=2, *rest, key="k", **more):
        """Make one."""
        self.first = first

    def method(self, a, b=(1, 2), *args, c, d=None, **kwargs):
        """A method."""

    def annotated(self, a: int, b: "str" = "x") -> bool:
        return True

    def undocumented(self):
        pass

    @property
    def value(self):
        """A property."""
        return 5

    @classmethod
    def make(cls, a, b=2):
        """A class method."""

    @staticmethod
    def static(a, b=2):
        """A static method."""

    @functools.wraps(function)
    def wrapped(self, *args, **kwargs):
        pass

    def __call__(self, x, y=1):
        """Call it."""
        return x, y

    def _hidden(self):
        pass


class Copied:
    """Counts how it is copied."""

    def __init__(self, parts=None):
        self.parts = parts or [[1]]
        self.how = "made"

    def __copy__(self):
        copy = Copied(self.parts)
        copy.how = "copied"
        return copy

    def __deepcopy__(self, memo):
        copy = Copied([list(part) for part in self.parts])
        copy.how = "copied deeply"
        return copy


class Plain:
    def __init__(self):
        self.parts = [[1], {"a": 2}]
        self.me = self


class OwnDir:
    def __dir__(self):
        return ["b", "a", "c"]


class Uncopyable:
    def __reduce_ex__(self, protocol):
        raise TypeError("can't be copied")
