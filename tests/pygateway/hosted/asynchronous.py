"""Objects with coroutines: they tell on which thread they run, wait for each other, and see that they are cancelled."""

import asyncio
import threading
from threading import get_ident

import pygateway


class Service:
    def __init__(self):
        self.made_on = get_ident()
        self.seen = []
        self.door = None
        self.background = None

    async def add(self, a, b):
        await asyncio.sleep(0)
        return a + b

    async def thread(self):
        await asyncio.sleep(0)
        return get_ident()

    async def fail(self):
        await asyncio.sleep(0)
        raise LookupError("no such thing")

    async def wait_at_the_door(self):
        self.door = asyncio.Event()
        await self.door.wait()
        return "came in"

    async def open_the_door(self):
        while self.door is None:
            await asyncio.sleep(0)
        self.door.set()

    async def never(self, begun):
        begun()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.seen.append("cancelled")
            raise

    async def call(self, function, *args):
        await asyncio.sleep(0)
        result = function(*args)
        return result, await self.add(1, 1)

    async def await_the_host(self, function):
        return await function()

    async def remaining(self):
        await asyncio.sleep(0)
        return pygateway.remaining()

    async def peer(self):
        await asyncio.sleep(0)
        return pygateway.context().peer

    async def count(self, end):
        for number in range(end):
            await asyncio.sleep(0)
            yield number

    async def begin(self, function):
        """Leave a task behind that calls when no call runs any more."""
        self.background = asyncio.ensure_future(self._later(function))

    async def _later(self, function):
        await asyncio.sleep(0)
        self.seen.append("went on")

    async def __aenter__(self):
        self.seen.append("entered")
        return self

    async def __aexit__(self, kind, error, trace):
        self.seen.append(None if kind is None else (kind.__name__, str(error)))
        return kind is KeyError

    def apply(self, function):
        return function()

    def is_running(self):
        return threading.current_thread().is_alive()
