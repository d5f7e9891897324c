"""Dataclasses; Python 3.7 and later."""

import dataclasses
from dataclasses import dataclass, field
from typing import Any, ClassVar, List


@dataclass
class Item:
    """A thing in stock."""

    name: str
    price: float = 1.0
    tags: List[str] = field(default_factory=list)
    kinds: ClassVar[int] = 0

    def total(self, count=1):
        return self.price * count


@dataclass(order=True)
class Release:
    major: int
    minor: int = 0
    note: str = field(default="", compare=False)


@dataclass(frozen=True)
class Key:
    a: int
    b: str = "b"


@dataclass
class Checked:
    value: int
    doubled: int = field(init=False)

    def __post_init__(self):
        if self.value < 0:
            raise ValueError("negative", self.value)
        self.doubled = self.value * 2


@dataclass
class Special(Item):
    extra: Any = None


@dataclass
class Tree:
    value: int
    left: Any = None
    right: Any = None

    def total(self):
        return self.value + sum(each.total() for each in (self.left, self.right) if each)


def as_dict(item):
    return dataclasses.asdict(item)


def replaced(item, **changes):
    return dataclasses.replace(item, **changes)
