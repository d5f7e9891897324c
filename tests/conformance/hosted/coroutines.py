"""Coroutines, asynchronous iterators and asynchronous context managers."""

import asyncio

#: What ran, for effects to be seen.
events = []


async def add(a, b):
    """Add slowly."""
    await asyncio.sleep(0)
    return a + b


async def fails(error):
    await asyncio.sleep(0)
    raise error


async def nothing():
    pass


async def pause(seconds):
    events.append(("begin", seconds))
    await asyncio.sleep(seconds)
    events.append(("end", seconds))
    return seconds


async def awaits(other):
    return ("awaited", await other)


async def calls(function, *args):
    result = function(*args)
    if hasattr(result, "__await__"):
        result = await result
    return result


async def numbers(n):
    """Count asynchronously."""
    for number in range(n):
        await asyncio.sleep(0)
        yield number


async def numbers_then_fail():
    yield 1
    raise LookupError("no more")


async def guarded():
    try:
        got = yield 1
        events.append(("got", got))
        yield 2
    except KeyError as error:
        yield ("caught", error.args)
    finally:
        events.append("closed")


class Worker:
    """Has state that its coroutines share."""

    def __init__(self):
        self.done = []
        self.running = 0

    async def work(self, name, steps=3):
        for _ in range(steps):
            await asyncio.sleep(0.001)
        self.done.append(name)
        return name.upper()

    async def meet(self, name, others):
        """Wait until so many others run at the same time."""
        self.running += 1
        while self.running < others:
            await asyncio.sleep(0.001)
        self.done.append(name)
        return name.upper()

    async def after(self, name, other):
        """Wait until another is done."""
        while other is not None and other not in self.done:
            await asyncio.sleep(0.001)
        self.done.append(name)
        return name

    async def forever(self):
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            self.done.append("cancelled")
            raise

    @property
    def later(self):
        return self.work("later", 0)

    @classmethod
    async def make(cls, *names):
        self = cls()
        for name in names:
            await self.work(name, 1)
        return self

    @staticmethod
    async def static(x):
        return x * 2

    def items(self, n):
        return numbers(n)

    async def result(self):
        return self.done


class Countdown:
    """An asynchronous iterator."""

    def __init__(self, n):
        self.n = n

    def __aiter__(self):
        return self

    async def __anext__(self):
        await asyncio.sleep(0)
        if not self.n:
            raise StopAsyncIteration
        self.n -= 1
        return self.n


class Manager:
    """An asynchronous context manager."""

    def __init__(self, suppress=False):
        self.suppress = suppress
        self.seen = []

    async def __aenter__(self):
        await asyncio.sleep(0)
        self.seen.append("enter")
        return self

    async def __aexit__(self, kind, error, trace):
        await asyncio.sleep(0)
        self.seen.append(("exit", kind and kind.__name__, getattr(error, "args", None)))
        return self.suppress


class Awaitable:
    """Awaitable by its own method."""

    def __init__(self, value):
        self.value = value

    def __await__(self):
        yield from asyncio.sleep(0).__await__()
        return self.value
