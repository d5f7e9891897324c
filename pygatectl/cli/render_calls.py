"""What is shown of calls from a shell and of kept objects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from pygatectl.cli.render import line, print_json, table

if TYPE_CHECKING:
    from pygatectl.calling import Answer, Kept


def answer(found: Answer, *, as_json: bool) -> None:
    """A result; None is nothing."""
    if as_json:
        print_json(result=found.value, text=found.text)
    elif found.text:
        line(found.text)


def kept(found: Kept, *, as_json: bool) -> None:
    """A new object: its handle."""
    if as_json:
        print_json(**asdict(found))
    else:
        line(str(found.handle))


def done(name: str, handles: Sequence[int], *, as_json: bool) -> None:
    """What was done to these objects is done: nothing to tell a person."""
    if as_json:
        print_json(name=name, handles=list(handles))


def all_kept(found: Sequence[Kept], *, as_json: bool) -> None:
    """The objects that are kept."""
    if as_json:
        print_json(objects=[asdict(one) for one in found])
    else:
        table(["Handle", "Class"], [[str(one.handle), one.made] for one in found], right=("Handle",))
