"""The operator protocols: the names with underscores that are reachable, and what each does to an object.

A proxy has those that the object's class has. Where the other operand is at home here too, the whole operation is run
(`operator.add(a, b)`, not `a.__add__(b)`), so that reflected forms and priorities are decided where the objects are.
Where it is a proxy, its side runs the operation and asks for this object's part alone, NotImplemented included.
"""

import operator
from copy import copy, deepcopy

from .iteration import take

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Dict

    Operation = Callable[..., Any]

_BINARY = ["add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "lshift", "rshift", "and", "xor", "or"]


class Remote:
    """The base of all proxies, for those further inside."""

    __slots__ = ()


def _special(name: str) -> "Operation":
    """The method that Python itself would call: looked up on the class, not on the instance."""
    return lambda value, *args, **kwargs: getattr(type(value), name)(value, *args, **kwargs)


def _binary(name: str, whole: "Operation") -> "Operation":
    """An operation with another operand."""

    def operate(value: "Any", other: "Any", *more: "Any") -> "Any":
        if issubclass(type(other), Remote):
            return getattr(type(value), name)(value, other, *more)
        return whole(value, other, *more)

    return operate


def _reflected(whole: "Operation") -> "Operation":
    return lambda value, left, *more: whole(left, value, *more)


def _exactly(kind: "Any", exact: "Operation", whole: "Operation") -> "Operation":
    """An operation whose result Python wants to be of this very type, which that of a subclass is not."""

    def operate(value: "Any", *args: "Any") -> "Any":
        result = whole(value, *args)
        return result if type(result) is kind or not isinstance(result, kind) else exact(result)

    return operate


_EVERYTHING = slice(None)
#: The part of a value that its hash is of, for classes that hash as their builtin base does. Such hashes differ from
#: process to process, so the other side hashes the part itself.
_HASHED: "Dict[Any, Operation]" = {
    str.__hash__: str.__str__,
    bytes.__hash__: lambda value: bytes.__getitem__(value, _EVERYTHING),
    tuple.__hash__: lambda value: tuple.__getitem__(value, _EVERYTHING),
    frozenset.__hash__: lambda value: frozenset(frozenset.__iter__(value)),
}


def _hash(value: "Any") -> "Any":
    """The hash of an object, or the value that is to be hashed where it is used."""
    part = _HASHED.get(type(value).__hash__)
    return hash(value) if part is None else part(value)


def _exit(value: "Any", error: "Any" = None) -> "Any":
    """Leave a with statement; `error` is the exception that ended its block."""
    return type(value).__exit__(value, None if error is None else type(error), error, _trace(error))


def _aexit(value: "Any", error: "Any" = None) -> "Any":
    return type(value).__aexit__(value, None if error is None else type(error), error, _trace(error))


def _trace(error: "Any") -> "Any":
    """A traceback for an exception of the other side, as one that ended a block has."""
    if error is None:
        return None
    try:
        raise error  # noqa: TRY301 - raised for its traceback
    except BaseException:  # noqa: BLE001 - it is for the object to handle
        return error.__traceback__


def _next(value: "Any", *count: int) -> "Any":
    """The next item; with a count, up to so many as `iteration.take` gives them."""
    return take(value, *count) if count else next(value)


OPERATORS: "Dict[str, Operation]" = {
    "__call__": lambda value, *args, **kwargs: value(*args, **kwargs),
    "__repr__": _exactly(str, str.__str__, repr),
    "__str__": _exactly(str, str.__str__, str),
    "__format__": _exactly(str, str.__str__, format),
    "__bytes__": _exactly(bytes, _HASHED[bytes.__hash__], bytes),
    "__bool__": bool,
    "__hash__": _hash,
    "__int__": _exactly(int, int.__int__, int),
    "__float__": _exactly(float, float.__float__, float),
    "__complex__": complex,
    "__index__": _exactly(int, int.__int__, operator.index),
    "__len__": len,
    "__length_hint__": operator.length_hint,
    "__iter__": iter,
    "__next__": _next,
    "__aiter__": _special("__aiter__"),
    "__anext__": _special("__anext__"),
    "__aenter__": _special("__aenter__"),
    "__aexit__": _aexit,
    "__await__": _special("__await__"),
    "__reversed__": reversed,
    "__contains__": operator.contains,
    "__getitem__": operator.getitem,
    "__setitem__": operator.setitem,
    "__delitem__": operator.delitem,
    "__enter__": _special("__enter__"),
    "__exit__": _exit,
    "__neg__": operator.neg,
    "__pos__": operator.pos,
    "__abs__": abs,
    "__invert__": operator.invert,
    "__round__": round,
    "__trunc__": _special("__trunc__"),
    "__floor__": _special("__floor__"),
    "__ceil__": _special("__ceil__"),
    "__divmod__": _binary("__divmod__", divmod),
    "__rdivmod__": _binary("__rdivmod__", _reflected(divmod)),
    "__pow__": _binary("__pow__", pow),
    "__rpow__": _binary("__rpow__", _reflected(pow)),
    "__ipow__": _binary("__ipow__", operator.ipow),
    "__fspath__": _exactly(str, str.__str__, _special("__fspath__")),
    "__instancecheck__": lambda value, other: isinstance(other, value),
    "__subclasscheck__": lambda value, other: issubclass(other, value),
    "__copy__": copy,
    "__deepcopy__": deepcopy,
    "__dir__": dir,
}
for _name in _BINARY:
    _operation = getattr(operator, "__%s__" % _name)
    OPERATORS["__%s__" % _name] = _binary("__%s__" % _name, _operation)
    OPERATORS["__r%s__" % _name] = _binary("__r%s__" % _name, _reflected(_operation))
    OPERATORS["__i%s__" % _name] = _binary("__i%s__" % _name, getattr(operator, "__i%s__" % _name))
for _name in ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"):
    OPERATORS[_name] = _binary(_name, getattr(operator, _name))
