# ruff: noqa: UP006, UP007, UP011, UP035, UP045, RUF013, N818 - written for Python 3.6, as old code is
"""Classes of every kind, for stubs."""

import abc
import collections
import contextlib
import datetime
import decimal
import enum
import functools
import io
from typing import (
    IO,
    Any,
    Callable,
    ClassVar,
    Dict,
    Generic,
    Iterator,
    List,
    NamedTuple,
    Optional,
    Tuple,
    Type,
    TypeVar,
    Union,
)

T = TypeVar("T")


class Colour(enum.Enum):
    RED = 1
    GREEN = "green"

    @property
    def warm(self) -> bool:
        return self is Colour.RED

    def mixed(self, other: "Colour") -> "Colour":
        return self


Point = collections.namedtuple("Point", "x y")


class Spot(collections.namedtuple("Spot", ["x", "y"])):
    def far(self) -> bool:
        return False


class Sized(NamedTuple):
    name: str
    size: int = 3


class Base(abc.ABC):
    limit = 5

    @abc.abstractmethod
    def work(self, item): ...

    def __len__(self):
        return 3


class Account(Base):
    """An account.

    It has one of everything.
    """

    rate: float = 1.5
    kind: ClassVar[str] = "plain"
    seen = None

    def __init__(self, owner: str, balance: int = 0, *, limit: Optional[int] = None, **more):
        self.owner = owner
        self.balance = balance
        self.tags = []
        self.spot = Spot(1, 2)
        self.amount: decimal.Decimal = decimal.Decimal(1)
        self.elsewhere = limit
        self.either = 1
        self.first, self.second = 1, 2
        self._private = 1

    def change(self):
        self.either = "text"

    def work(self, item: List[Dict[str, int]], more: int = None) -> Tuple[int, ...]:
        return ()

    def called(self, one: Callable[[int], str], other: "Optional[Account]" = None) -> "List[Colour]":
        return []

    def every(self, a, b=1, *args: int, c, d: str = "x", **named: float) -> None:
        """What it's good for: "quotes" and \\."""

    def only(self, a: int, *, b: int) -> Union[int, str]:
        return a

    @classmethod
    def made(cls, text: str) -> "Account":
        return cls(text)

    @staticmethod
    def counted(a: int) -> int:
        return a

    async def later(self, number: int) -> str:
        return str(number)

    async def many(self):
        yield 1

    def generated(self):
        yield 1

    @contextlib.contextmanager
    def held(self) -> Iterator[int]:
        yield 1

    @functools.lru_cache()  # noqa: B019 - a kind of method, no more
    def cached(self, key: int) -> int:
        return key

    @property
    def total(self) -> float:
        """The total."""
        return 1.0

    @total.setter
    def total(self, value: float) -> None: ...

    @property
    def fixed(self) -> int:
        return 1

    half = functools.partialmethod(only, b=2)

    def list(self) -> List[int]:
        return []

    def datetime(self, when: datetime.date) -> datetime.datetime:
        return datetime.datetime(1, 1, 1)

    def __add__(self, other: "Account") -> "Account":
        return self

    def __eq__(self, other):
        return self is other

    def __getitem__(self, key: int) -> str:
        return ""

    def __iter__(self):
        return iter([])

    def __enter__(self) -> "Account":
        return self

    def __exit__(self, *_): ...

    def typed(self, file: IO[str], of: Type[Base], anything: T, unknown: "NotThere") -> "List[NotThere]":  # noqa: F821
        return []

    def library(self, ordered: collections.OrderedDict, text: io.StringIO) -> Any: ...

    class Nested:
        """Within it."""

        number = 3

        def __init__(self):
            self.deep = {}

    def nested(self) -> "Nested":
        return self.Nested()


class Stack(List[T]):
    def peek(self) -> T: ...


class Mine(dict):
    def get(self, key):
        return 1


class Kept(Generic[T]):
    def put(self, item: T) -> "Kept[T]":
        return self


class Open:
    def __getattr__(self, name):
        return 1


class Failed(ValueError):
    code = 1


def function(): ...
