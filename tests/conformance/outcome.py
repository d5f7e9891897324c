"""What a program came to, in a form that is alike for objects and for proxies: nested tuples of text.

Runs in the tests and, for the run on the objects themselves, in the server's interpreter: Python 3.6.
"""

import re

#: Come by value, so that their repr is that of the version of Python here.
VALUES = ("timedelta", "datetime", "time", "timezone")
ADDRESS = re.compile(r"\b0x[0-9a-fA-F]+\b")


def outcome(program, world):
    """Run a program in a world; a description of what it returns or raises."""
    try:
        result = program(world)
    except Exception as error:  # noqa: BLE001 - whatever it raises is compared
        return ("raised", described(error, program, world))
    return ("returned", described(result, program, world))


def described(value, program, world):
    """The type's name and the repr, without addresses and temporary folders; containers item by item."""

    def each(items):
        return tuple(described(item, program, world) for item in items)

    if isinstance(value, BaseException):
        return _error(value, program, each)
    kind = type(value).__name__
    if kind in ("tuple", "list"):
        return (kind, *each(value))
    if kind in ("set", "frozenset"):
        return (kind, *sorted(each(value)))
    if kind == "dict":
        return (kind, *(each(pair) for pair in value.items()))
    if kind in VALUES:
        return "%s %s" % (kind, value)
    return "%s %s" % (kind, ADDRESS.sub("0x", repr(value)).replace(world.folder, "FOLDER"))


def _error(error, program, each):
    kind = type(error)
    names = [base.__name__ for base in kind.__mro__ if base.__module__ == "builtins"]
    said = () if hasattr(program, "without_text") else (*each(error.args), *each([str(error)]))
    return ("%s.%s" % (kind.__module__, kind.__qualname__), " ".join(names), *said)
