"""Awaiting on behalf of the peer: coroutines of objects in the event loop of their thread, and of hosts at once.

asyncio is imported with the first coroutine, not before.
"""

import time

from .deadlines import deadline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from asyncio import Task
    from collections.abc import Awaitable, Callable, Generator, Iterable
    from contextlib import AbstractContextManager
    from typing import Any, Optional

    from .connection import ServedStream
    from .object_thread import ObjectThread


def run(awaitable: "Awaitable[Any]") -> "Any":
    """Wait for `awaitable` in an event loop of its own; its result. Raises RuntimeError in a running event loop."""
    import asyncio

    if asyncio._get_running_loop() is not None:
        raise RuntimeError(
            "an event loop runs on this thread already, so it can't wait for another coroutine here; "
            "call the object with pygateway.aio, or from another thread"
        )
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(_whole(awaitable))
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


async def _whole(awaitable: "Awaitable[Any]") -> "Any":
    return await awaitable


class _Stepped:
    """An awaitable each step of which runs in a context, since several take turns on one thread."""

    def __init__(self, awaitable: "Awaitable[Any]", within: "Callable[[], AbstractContextManager[None]]") -> None:
        self._awaitable = awaitable
        self._within = within

    def __await__(self) -> "Generator[Any, Any, Any]":
        steps = _whole(self._awaitable)
        step: Callable[[Any], Any] = steps.send
        value: Any = None
        while True:
            try:
                with self._within():
                    pause = step(value)
            except StopIteration as end:
                return end.value
            try:
                step, value = steps.send, (yield pause)
            except BaseException as error:  # noqa: BLE001 - for the coroutine: that it is cancelled, mostly
                step, value = steps.throw, error


class Step:
    """A step of a coroutine: it runs on its thread as a call of the chain of `stream`, up to the moment `until`."""

    def __init__(self, thread: "ObjectThread", stream: "ServedStream", until: "Optional[float]") -> None:
        self._thread = thread
        self._stream = stream
        self._outer = thread.serving
        self._deadline = None if until is None else deadline(max(until - time.monotonic(), 1e-6))

    def __enter__(self) -> None:
        self._thread.serving = self._stream
        if self._deadline is not None:
            self._deadline.__enter__()

    def __exit__(self, *error: "Any") -> None:
        try:
            if self._deadline is not None:
                self._deadline.__exit__(*error)
            if self._thread.printed and not self._stream.closed:
                self._thread.show()
        finally:
            self._thread.serving = self._outer


class Coroutines:
    """The event loop of one object thread. Owner and only user: that thread. End: `close`, as the thread's last act."""

    def __init__(self) -> None:
        import asyncio

        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        self._waiting = False
        self._all_tasks: Any = getattr(asyncio, "all_tasks", None) or asyncio.Task.all_tasks  # type: ignore[attr-defined]

    def start(self, awaitable: "Awaitable[Any]", within: "Callable[[], AbstractContextManager[None]]") -> "Task[Any]":
        """A task that waits for `awaitable`, each step of it in a context that `within` makes.

        Raises RuntimeError in a step of another: that one waits for the host, which waits for this one.
        """
        if self._loop.is_running():
            raise RuntimeError("a coroutine of this object waits for the host, which awaits another of the same object")
        task = self._loop.create_task(_whole(_Stepped(awaitable, within)))
        task.add_done_callback(self._ended)
        return task

    def _ended(self, _: "Task[Any]") -> None:
        if self._waiting:
            self._loop.stop()

    def busy(self) -> bool:
        """Whether there is a task that is not done, one that the user's code began included."""
        return bool(self._all_tasks(self._loop))

    def wait(self, descriptors: "Iterable[int]") -> None:
        """Run tasks until one that was started here has ended, or one of the descriptors is readable."""
        for fd in descriptors:
            self._loop.add_reader(fd, self._loop.stop)
        self._waiting = True
        try:
            self._loop.run_forever()
        finally:
            self._waiting = False
            for fd in descriptors:
                self._loop.remove_reader(fd)

    def finish(self, tasks: "Iterable[Task[Any]]") -> None:
        """Run tasks until these have ended."""
        import asyncio

        if tasks:
            self._loop.run_until_complete(asyncio.wait(tasks))

    def close(self) -> None:
        """Cancel what is left, let it end, and close the loop."""
        tasks = list(self._all_tasks(self._loop))
        for task in tasks:
            task.cancel()
        self.finish(tasks)
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()
