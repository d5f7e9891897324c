"""Which columns of `status` are shown, in which order its rows stand, and which of them: values only, no output."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from pygatectl.errors import InvalidValue
from pygatectl.state import STATES, Status


@dataclass(frozen=True)
class Column:
    """A column: its key in JSON and on the command line, its heading, and how its value reads."""

    key: str
    heading: str
    read: Callable[[Any], str] = str
    right: bool = False

    def value(self, status: Status) -> Any:
        return "Python" if self.key == "type" else remark(status) if self.key == "note" else getattr(status, self.key)

    def text(self, status: Status) -> str:
        value = self.value(status)
        return "" if value is None else self.read(value)


def uptime(seconds: float | None) -> str:
    """A time span in its two largest units."""
    if seconds is None:
        return ""
    left = int(seconds)
    parts: list[str] = []
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        count, left = divmod(left, size)
        if count or parts:
            parts.append(f"{count}{unit}")
    return " ".join(parts[:2]) or "0s"


def remark(status: Status) -> str:
    """What needs a sentence."""
    if status.pending:
        fields = ", ".join(status.pending)
        return f"edited since its start ({fields}); pygatectl restart {status.name} applies it"
    return " ".join(status.note.split())


COLUMNS = {
    one.key: one
    for one in (
        Column("name", "Name"),
        Column("type", "Type"),
        Column("host", "Server"),
        Column("port", "Port", right=True),
        Column("state", "State"),
        Column("pid", "PID", right=True),
        Column("uptime", "Uptime", uptime, right=True),
        Column("connections", "Conns", right=True),
        Column("objects", "Objects", right=True),
        Column("threads", "Threads", right=True),
        Column("python", "Python"),
        Column("version", "Version"),
        Column("monitor", "Monitor", right=True),
        Column("pending", "Pending", ",".join),
        Column("tags", "Tags", ",".join),
        Column("description", "Description"),
        Column("note", "Note"),
    )
}
"""All columns by their keys, which are those of the JSON too."""

PORTAL = ("name", "type", "host", "port", "state", "pid", "uptime", "connections", "objects")
"""The portal's columns, and what a person wants beside them."""


def find_column(word: str, option: str) -> Column:
    """The column of this key or heading. Raises `InvalidValue` with the nearest, or all there are."""
    for key, column in COLUMNS.items():
        if word.casefold() in (key, column.heading.casefold()):
            return column
    from difflib import get_close_matches

    close = get_close_matches(word, COLUMNS, n=1)
    raise InvalidValue(option, word, f"did you mean {close[0]}?" if close else f"the columns are {', '.join(COLUMNS)}")


@dataclass(frozen=True)
class Condition:
    """A column whose text must fit a glob, or must not."""

    column: Column
    glob: str
    holds: bool = True

    @classmethod
    def of(cls, text: str) -> Condition:
        """From COLUMN=GLOB, COLUMN!=GLOB, or the word of a state."""
        word, equals, glob = text.partition("=")
        if equals:
            column = find_column(word.removesuffix("!"), "--filter")
            return cls(column, glob.casefold(), not word.endswith("!"))
        if text.capitalize() not in STATES:
            rule = f"it must be COLUMN=GLOB, COLUMN!=GLOB or a state: {', '.join(STATES)}"
            raise InvalidValue("--filter", text, rule)
        return cls(COLUMNS["state"], text.casefold())

    def fits(self, status: Status) -> bool:
        value = self.column.value(status)
        texts = value if isinstance(value, tuple) and value else [self.column.text(status)]
        return any(fnmatchcase(str(one).casefold(), self.glob) for one in texts) == self.holds


@dataclass(frozen=True)
class View:
    """What of all states is shown. No columns: the portal's."""

    columns: tuple[Column, ...] = ()
    order: tuple[tuple[Column, bool], ...] = ()
    """Columns to sort by, the first above all; True: descending."""
    conditions: tuple[Condition, ...] = ()

    @classmethod
    def of(cls, columns: str | None, order: str | None, conditions: Sequence[str]) -> View:
        """From the values of --columns, --sort and --filter. Raises `InvalidValue`."""
        chosen = [find_column(one.strip(), "--columns") for one in (columns or "").split(",") if one.strip()]
        keys = [one.strip() for one in (order or "").split(",") if one.strip()]
        return cls(
            tuple(chosen),
            tuple((find_column(one.removeprefix("-"), "--sort"), one.startswith("-")) for one in keys),
            tuple(Condition.of(one) for one in conditions),
        )

    def apply(self, found: Sequence[Status]) -> list[Status]:
        """Those of the states that fit, in the order that is wanted: what has no value stands last."""
        rows = [one for one in found if self._fits(one)]
        for column, descending in reversed(self.order):
            rows = _sorted(rows, column, descending)
        return rows

    def _fits(self, status: Status) -> bool:
        """One condition of each column must hold that is wanted, and every one of those that are not."""
        wanted: dict[str, bool] = {}
        for one in self.conditions:
            if one.holds:
                wanted[one.column.key] = wanted.get(one.column.key, False) or one.fits(status)
            elif not one.fits(status):
                return False
        return all(wanted.values())


def _sorted(rows: Sequence[Status], column: Column, descending: bool) -> list[Status]:
    def key(status: Status) -> Any:
        value = column.value(status)
        return value.casefold() if isinstance(value, str) else value

    known = [one for one in rows if column.value(one) not in (None, "", ())]
    unknown = [one for one in rows if column.value(one) in (None, "", ())]
    return sorted(known, key=key, reverse=descending) + unknown
