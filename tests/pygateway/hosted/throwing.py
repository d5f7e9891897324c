# ruff: noqa: N818, PTH123, PTH104, TRY301 - a hosted module is written as users write theirs
"""Objects that raise."""

import builtins
import os


class Picky(ValueError):
    def __init__(self, given, *, wanted):
        self.given = given
        self.details = {"wanted": wanted}

    def __str__(self):
        return "%d is not what was asked for" % self.given


class Plain(Exception):
    pass


class Missing(KeyError):
    pass


class Awkward(Exception):
    pass


class AwkwardStr(Awkward):
    def __str__(self):
        raise ZeroDivisionError


class AwkwardRepr(Awkward):
    def __repr__(self):
        raise ZeroDivisionError


class AwkwardInit(UnicodeDecodeError):
    def __init__(self):
        super().__init__("utf-8", b"x", 0, 1, "reason")
        self.args = ("one",)


class Exits:
    def __init__(self):
        raise SystemExit(1)


class Thrower:
    def works(self):
        return True

    def throw(self, name, *args):
        raise getattr(builtins, name)(*args)

    def open(self, path):
        return open(path)

    def rename(self, one, other):
        os.rename(one, other)

    def decode(self, data):
        return data.decode("utf-8")

    def import_missing(self):
        import no_such_module  # noqa: F401

    def read_missing(self):
        return self.missing

    def picky(self, given):
        raise Picky(given, wanted=[1, 2])

    def plain(self):
        raise Plain("plain")

    def throw_subclass_of_keyerror(self, key):
        raise Missing(key)

    def awkward(self, how):
        if how == "str raises":
            raise AwkwardStr("x")
        if how == "repr raises":
            raise AwkwardRepr("x")
        if how == "args unpassable":
            endless = []
            endless.append(endless)
            raise Awkward(endless)
        if how == "args huge":
            raise Awkward("x" * (70 << 20))
        raise AwkwardInit

    def group(self):
        raise ExceptionGroup("two", [ValueError("one"), KeyError("other")])  # noqa: F821 - tested from Python 3.11 on

    def noted(self):
        error = ValueError("noted")
        error.add_note("a note")
        raise error

    def deep(self, secret=None):
        return self.deeper(secret)

    def deeper(self, hidden):
        raise ValueError("deep")

    def caused(self):
        try:
            raise KeyError("inner")
        except KeyError as error:
            raise RuntimeError("outer") from error

    def during(self):
        try:
            raise KeyError("inner")
        except KeyError:
            raise RuntimeError("outer")  # noqa: B904 - the context is what is tested

    def suppressed(self):
        try:
            raise KeyError("inner")
        except KeyError:
            raise RuntimeError("outer") from None

    def chain(self, length):
        error = None
        for number in range(1, length + 1):
            following = ValueError(number)
            following.__cause__ = error
            error = following
        raise error

    def cycle(self):
        one, other = ValueError("round"), ValueError("and round")
        one.__cause__, other.__cause__ = other, one
        raise one

    def recurse(self):
        return self.recurse()

    def takes(self, value):
        return len(value)

    def echo(self, value):
        return value

    def text_of(self, size):
        return "x" * size

    def throws_text_of(self, size):
        raise ValueError("x" * size)

    def calls(self, function):
        return function()

    def catches(self, function):
        try:
            function()
        except LookupError as error:
            return "LookupError %s %s %s" % (type(error).__name__, error, error.code)


def class_called(name):
    """A class of exceptions that is made for this call."""
    return type(name, (Exception,), {})
