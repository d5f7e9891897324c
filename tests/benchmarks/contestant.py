"""What takes part: us, the others, and the plain sockets that all are held against."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

Work = Callable[[], object]


class Contestant:
    """One connection to a server of one kind, and how each row's work is done through it.

    `works` are a single thread's; a row that is not in it can't be done, and `lacks` says why.
    """

    name: str

    def __init__(self) -> None:
        self.works: dict[str, Work] = {}
        self.lacks: dict[str, str] = {}

    def caller(self) -> tuple[Work, Work]:
        """A null call for one more thread, to be made and used on that thread, and what ends it."""
        raise NotImplementedError

    def connection(self) -> tuple[Work, Work]:
        """Open one more connection: a null call on it, and what closes it."""
        raise NotImplementedError


def started(ends: ExitStack, *command: str, **options: Any) -> list[str]:
    """Start a server that ends with the run; the words that it prints when it is ready."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options)
    assert process.stdout is not None

    def end() -> None:
        process.terminate()
        process.communicate()

    ends.callback(end)
    return process.stdout.readline().split()
