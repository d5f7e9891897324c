"""Classes for stubs that Python 3.6 does not know."""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING, Literal

from stubbed import Account

if TYPE_CHECKING:
    from nowhere import Nothing


@dataclasses.dataclass
class Item:
    name: str
    price: float = 1.0
    tags: list[str] = dataclasses.field(default_factory=list)
    seed: dataclasses.InitVar[int] = 0

    def cost(self, times: int, /, *, rounded: bool = False) -> float | None:
        return self.price

    def account(self, way: Literal["up", "down"], nothing: Nothing | None = None) -> Account:
        return Account("x")

    @functools.cached_property
    def expensive(self) -> int:
        return 1


@dataclasses.dataclass(frozen=True, order=True)
class Fixed:
    number: int
