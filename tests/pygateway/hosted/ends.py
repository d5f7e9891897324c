# ruff: noqa: PTH123 - a hosted module is written as users write theirs
"""Objects that see ends: their own, and those of hosts and servers."""

from threading import get_ident

#: Which thread the objects of a number died on.
died = {}


class Mortal:
    def __init__(self, number):
        self.number = number

    def home(self):
        return get_ident()

    def __del__(self):
        died[self.number] = get_ident()


class Sizer:
    def bytes_after(self, gate, size):
        """Bytes, once the other end of a pipe was opened and closed."""
        with open(gate) as pipe:
            pipe.read()
        return b"x" * size


class Part:
    pass


def object_and_text(size):
    return (Part(), "x" * size)
