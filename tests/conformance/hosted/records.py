"""Named tuples and enumerations."""

import collections
import enum
import typing

Point = collections.namedtuple("Point", "x y")


class Employee(typing.NamedTuple):
    """A typed named tuple."""

    name: str
    id: int = 3

    def title(self):
        return "%s (%d)" % self


class Color(enum.Enum):
    RED = 1
    GREEN = "green"
    CRIMSON = 1

    def shout(self):
        return self.name + "!"

    @property
    def is_red(self):
        return self is Color.RED

    @classmethod
    def default(cls):
        return cls.GREEN


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 10


class Permission(enum.Flag):
    READ = 1
    WRITE = 2
    ALL = 3


class Bits(enum.IntFlag):
    A = 1
    B = 2


class Mode(str, enum.Enum):
    FAST = "fast"
    SLOW = "slow"


class Planet(enum.Enum):
    EARTH = (5.9, 6.3)
    MARS = (0.6, 3.3)

    def __init__(self, mass, radius):
        self.mass = mass
        self.radius = radius


class Painted:
    def __init__(self, color=Color.RED):
        self.color = color

    def is_red(self):
        return self.color is Color.RED

    def name(self):
        return {Color.RED: "rot", Color.GREEN: "grün"}[self.color]

    def corner(self):
        return Point(1, [2])
