"""One action on many definitions at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from pygatectl.errors import PygatectlError

Result = TypeVar("Result")

AT_ONCE = 16


@dataclass(frozen=True)
class Outcome(Generic[Result]):
    """What became of one definition: a result, or the error that stood in its way."""

    name: str
    result: Result | None
    error: PygatectlError | None

    @property
    def exit_code(self) -> int:
        return self.error.exit_code if self.error else 0


class Cancelled(Exception):  # noqa: N818 - no error: the person asked for it
    """Raised in the workers when the command is interrupted."""


def each(
    names: Sequence[str],
    action: Callable[[str, Callable[[str], None]], Result],
    report: Callable[[str, str], None],
    done: Callable[[Outcome[Result]], None],
) -> list[Outcome[Result]]:
    """Do `action(name, report)` for each name, at most 16 at once; the outcomes in the order of the names.

    `report(name, text)` is told of every step, `done(outcome)` of every end; both are called in any thread,
    one at a time. An interrupt ends all actions at their next step, waits for that, and goes on to the
    caller.
    """
    cancelled = threading.Event()
    speaking = threading.Lock()

    def one(name: str) -> Outcome[Result]:
        def step(text: str) -> None:
            if cancelled.is_set():
                raise Cancelled
            with speaking:
                report(name, text)

        outcome = _attempt(name, action, step)
        with speaking:
            done(outcome)
        return outcome

    if len(names) == 1:
        return [one(names[0])]
    from concurrent.futures import ThreadPoolExecutor

    # The pool's threads end with the block, after the actions that run.
    with ThreadPoolExecutor(AT_ONCE) as pool:
        futures = [pool.submit(one, name) for name in names]
        try:
            return [future.result() for future in futures]
        except BaseException:
            cancelled.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _attempt(
    name: str, action: Callable[[str, Callable[[str], None]], Result], step: Callable[[str], None]
) -> Outcome[Result]:
    try:
        return Outcome(name, action(name, step), None)
    except PygatectlError as error:
        return Outcome(name, None, error)
    except OSError as error:
        return Outcome(name, None, PygatectlError(f"gateway {name!r}: {error}"))
