"""Introspection: what the other side is told of a class, so that it can make proxies. No I/O."""

from functools import partialmethod
from operator import attrgetter
from types import CodeType, FrameType, ModuleType, TracebackType

from .errors import NotReachable
from .iteration import begin, container_class
from .operators import OPERATORS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Dict, List, Optional, Tuple

METHOD, PROPERTY = "method", "property"
#: The kind of an `__iter__` that is answered with a cursor and first items, see `iteration`.
ITEMS = "items"
#: As the kind of a parameter: none, but the annotation of what is returned.
RETURNS = 5
#: What functions, classes and modules tell of themselves; the properties of theirs that are reached by these names.
METADATA = ("__doc__", "__module__", "__name__", "__qualname__", "__signature__")
_OF_CLASSES, _OF_MODULES = (*METADATA, "__bases__"), ("__doc__", "__name__", "__version__", "__all__")
_NAMED = frozenset(("function", "builtin_function_or_method", "method", "method-wrapper")) | {
    "method_descriptor",
    "wrapper_descriptor",
    "classmethod_descriptor",
    "_lru_cache_wrapper",
}
#: Operators that object itself defines, and that a proxy need not ask the other side for: identity serves.
_BY_IDENTITY = ("__eq__", "__ne__", "__hash__", "__lt__", "__le__", "__gt__", "__ge__")


#: What gives access to the variables and the code of a program; no proxy stands for these.
HIDDEN = (FrameType, CodeType, TracebackType)


def reachable(name: "Any") -> str:
    """`name` if the other side may use it. Raises NotReachable for a name with an underscore in front."""
    if type(name) is not str:
        raise NotReachable("a name must be text, not %s" % type(name).__name__)
    if name.startswith("_"):
        raise NotReachable("%r begins with an underscore and can't be reached through a proxy" % name)
    return name


class Description:
    """The members of one class in the order of their numbers, as the serving side uses them.

    `names[n]` is the name of member n, `operations[n]` what an operator does, or None for an ordinary name.
    """

    __slots__ = ("kinds", "names", "number", "of", "operations")

    def __init__(self, number: int, of: type) -> None:
        if issubclass(of, HIDDEN):
            raise NotReachable("a %s is kept from the other side" % of.__name__)
        self.number = number
        self.of = of
        self.names: List[str] = []
        self.kinds: List[str] = []
        self.operations: List[Optional[Callable[..., Any]]] = []
        operators = _operators(of)
        metadata = _metadata(of)
        for name in sorted(_all_names(of).union(operators, metadata)):
            if name in metadata:
                self._add(name, PROPERTY, _signature if name == "__signature__" else attrgetter(name))
            elif name == "__iter__" and container_class(of) is not None:
                self._add(name, ITEMS, begin)
            elif name in operators:
                self._add(name, METHOD, OPERATORS[name])
            elif not name.startswith("_"):
                self._add(name, METHOD if _is_method(_static(of, name)) else PROPERTY, None)

    def _add(self, name: str, kind: str, operation: "Optional[Callable[..., Any]]") -> None:
        self.names.append(name)
        self.kinds.append(kind)
        self.operations.append(operation)

    def told(self) -> "Dict[str, Any]":
        """What the other side is told: plain values, members in the order of their numbers."""
        return {
            "name": self.of.__name__,
            "qualname": self.of.__qualname__,
            "module": self.of.__module__,
            "doc": _doc(self.of),
            "bases": [[base.__module__, base.__qualname__] for base in self.of.__mro__],
            "hashable": _static(self.of, "__hash__") is not None,
            "members": [self._member(name, kind) for name, kind in zip(self.names, self.kinds)],
        }

    def _member(self, name: str, kind: str) -> "List[Any]":
        attribute = _static(self.of, name)
        shown = kind == METHOD and (name == "__call__" or name not in OPERATORS)
        signature = parameters(attribute) if shown else None
        return [name, kind, _doc(attribute), signature]


def _operators(of: type) -> "set[str]":
    """The operators that instances of a class have."""
    # Any object can be copied, but of an iterator Python asks whether it says so itself.
    found = set() if _static(of, "__next__") else {"__copy__", "__deepcopy__"}
    if _has_buffer(of):
        found.add("__bytes__")
    for name in OPERATORS:
        attribute = _static(of, name)
        if attribute is not None and not (name in _BY_IDENTITY and attribute is object.__dict__.get(name)):
            found.add(name)
    if issubclass(
        of, (tuple, str, bytes)
    ):  # Python itself adds what stands on their left; lists it may extend in place
        found.add("__radd__")
    return found


def _metadata(of: type) -> "Tuple[str, ...]":
    """The metadata of instances that have a name of their own, as functions, classes and modules do."""
    if issubclass(of, type):
        return _OF_CLASSES
    if issubclass(of, ModuleType):
        return _OF_MODULES
    named = any(base.__name__ in _NAMED and base.__module__ in ("builtins", "functools") for base in of.__mro__)
    return METADATA if named else ()


def _signature(value: "Any") -> "Any":
    """The parameters of a function or class itself, as those of a method are told."""
    return tuple(parameters(staticmethod(value)) or ())


def _has_buffer(of: type) -> bool:
    """Whether bytes() of an instance copies its memory, which an iteration over its items would not."""
    return issubclass(of, (bytes, bytearray, memoryview)) or ("array", "array") in [
        (base.__module__, base.__name__) for base in of.__mro__
    ]


def parameters(function: "Any") -> "Optional[List[Tuple[str, int, Optional[str], Optional[str]]]]":
    """The parameters of a method as (name, kind, text of the default, text of the annotation); None if unknown.

    The kind is as inspect numbers it, or RETURNS for what is returned. The first one of a bound method is left out.
    """
    import inspect

    bound = isinstance(function, classmethod)
    if isinstance(function, (classmethod, staticmethod)):
        unbound = not bound
        function = function.__func__
    else:
        unbound = False
    try:
        signature = inspect.signature(function)
        found, returns = list(signature.parameters.values()), signature.return_annotation
    except (ValueError, TypeError):
        return None
    if not unbound and found and found[0].kind is not found[0].VAR_POSITIONAL:
        found = found[1:]
    told: List[Tuple[str, int, Optional[str], Optional[str]]] = [
        (
            p.name,
            int(p.kind),
            None if p.default is p.empty else _shown(repr, p.default),
            None if p.annotation is p.empty else _shown(inspect.formatannotation, p.annotation),
        )
        for p in found
    ]
    if returns is not inspect.Signature.empty:
        told.append(("return", RETURNS, None, _shown(inspect.formatannotation, returns)))
    return told


def _shown(how: "Callable[[Any], str]", value: "Any") -> str:
    try:
        return how(value)[:200]
    except Exception:  # noqa: BLE001 - a __repr__ of the user's; the text is only shown
        return "..."


def _doc(value: "Any") -> "Optional[str]":
    text = getattr(getattr(value, "__func__", value), "__doc__", None)
    return text if type(text) is str else None


def _all_names(of: type) -> "set[str]":
    names: set[str] = set()
    for base in of.__mro__:
        names.update(name for name in base.__dict__ if type(name) is str)
    return names


def _static(of: type, name: str) -> "Any":
    """The attribute as it stands in the class or a base, without asking descriptors."""
    for base in of.__mro__:
        if name in base.__dict__:
            return base.__dict__[name]
    return None


def _is_method(attribute: "Any") -> bool:
    kind = type(attribute)
    if not hasattr(kind, "__get__") or isinstance(attribute, type):
        return False
    if isinstance(attribute, (classmethod, staticmethod, partialmethod)) or callable(attribute):
        return True
    return hasattr(attribute, "dispatcher")  # functools.singledispatchmethod, from Python 3.8 on
