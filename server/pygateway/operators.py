"""The operator protocols: the names with underscores that are reachable, and what each does to an object.

A proxy has those that the object's class has. The server runs the whole operation (`operator.add(a, b)`, not
`a.__add__(b)`), so that reflected forms and NotImplemented are decided where the objects are.
"""

import operator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Dict

_BINARY = ["add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "lshift", "rshift", "and", "xor", "or"]


def _reflected(operation: "Callable[[Any, Any], Any]") -> "Callable[[Any, Any], Any]":
    return lambda value, left: operation(left, value)


def _special(name: str) -> "Callable[..., Any]":
    """The method that Python itself would call: looked up on the class, not on the instance."""
    return lambda value, *args, **kwargs: getattr(type(value), name)(value, *args, **kwargs)


def _exit(value: "Any", told: "Any" = None) -> "Any":
    """Leave a with statement; `told` is the exception that ended its block, as failures tells it."""
    if told is None:
        return type(value).__exit__(value, None, None, None)
    from .failures import rebuild

    error = rebuild(told, "the host")
    return type(value).__exit__(value, type(error), error, None)


OPERATORS: "Dict[str, Callable[..., Any]]" = {
    "__call__": lambda value, *args, **kwargs: value(*args, **kwargs),
    "__repr__": repr,
    "__str__": str,
    "__format__": format,
    "__bytes__": bytes,
    "__bool__": bool,
    "__hash__": hash,
    "__int__": int,
    "__float__": float,
    "__complex__": complex,
    "__index__": operator.index,
    "__len__": len,
    "__length_hint__": operator.length_hint,
    "__iter__": iter,
    "__next__": next,
    "__reversed__": reversed,
    "__contains__": operator.contains,
    "__getitem__": operator.getitem,
    "__setitem__": operator.setitem,
    "__delitem__": operator.delitem,
    "__enter__": _special("__enter__"),
    "__exit__": _exit,
    "__eq__": operator.eq,
    "__ne__": operator.ne,
    "__lt__": operator.lt,
    "__le__": operator.le,
    "__gt__": operator.gt,
    "__ge__": operator.ge,
    "__neg__": operator.neg,
    "__pos__": operator.pos,
    "__abs__": abs,
    "__invert__": operator.invert,
    "__round__": round,
    "__trunc__": _special("__trunc__"),
    "__floor__": _special("__floor__"),
    "__ceil__": _special("__ceil__"),
    "__divmod__": divmod,
    "__rdivmod__": _reflected(divmod),
    "__pow__": pow,
    "__rpow__": _reflected(pow),
    "__ipow__": operator.ipow,
    "__fspath__": _special("__fspath__"),
    "__dir__": dir,
}
for _name in _BINARY:
    _operation = getattr(operator, "__%s__" % _name)
    OPERATORS["__%s__" % _name] = _operation
    OPERATORS["__r%s__" % _name] = _reflected(_operation)
    OPERATORS["__i%s__" % _name] = getattr(operator, "__i%s__" % _name)
