"""The two worlds of a program: one of the objects themselves, one of proxies of them.

Runs in the tests and, for the run on the objects themselves, in the server's interpreter: Python 3.6.
"""

import asyncio
import importlib

from outcome import outcome


class World:
    """What a program is given: the ways to objects, and a temporary folder of its own as text."""

    def __init__(self, folder):
        self.folder = folder

    def new(self, name, *args, **kwargs):
        """An object of the class `name`."""
        raise NotImplementedError

    def invoke(self, name, method, *args, **kwargs):
        """The result of a class method; or of a function, where `name` ends in a dot."""
        raise NotImplementedError

    def get(self, name, attribute):
        """An attribute of a class, or of a module."""
        raise NotImplementedError

    def raised(*args, **kwargs):  # any keyword may be the call's
        """The exception that a call raises, for a program to return: `world.raised(call, *args, **kwargs)`."""
        _, call, *args = args
        try:
            result = call(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - whatever it raises is compared
            return error
        raise AssertionError("nothing was raised, but %r returned" % (result,))

    @staticmethod
    def run(coroutine):
        """asyncio.run, which Python 3.6 has not."""
        if hasattr(asyncio, "run"):
            return asyncio.run(coroutine)
        loop = asyncio.new_event_loop()
        try:
            return loop.run_until_complete(coroutine)
        finally:
            loop.close()


class Objects(World):
    """The world of the objects themselves."""

    def new(*args, **kwargs):  # any keyword may be the constructor's
        self, name, *args = args
        return self._find(name)(*args, **kwargs)

    def invoke(*args, **kwargs):  # any keyword may be the function's
        self, name, method, *args = args
        return getattr(self._find(name), method)(*args, **kwargs)

    def get(self, name, attribute):
        return getattr(self._find(name), attribute)

    @staticmethod
    def _find(name):
        module, _, rest = name.rpartition(".")
        found = importlib.import_module(module)
        return getattr(found, rest) if rest else found


class Proxies(World):
    """The world of proxies, through a gateway connection."""

    def __init__(self, folder, gateway):
        super().__init__(folder)
        self.gateway = gateway
        self.new, self.invoke, self.get = gateway.new, gateway.invoke, gateway.get


def run_on_objects(module, name, folder):
    """The outcome of a program on the objects themselves; the tests have the server call this."""
    return outcome(getattr(importlib.import_module("programs." + module), name), Objects(folder))
