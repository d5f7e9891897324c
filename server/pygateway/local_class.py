"""The class of this process that a class of the peer stands for, so that `isinstance` of a proxy says what it would of
the object. Nothing is imported for it: what this process has not loaded it can't ask for either.
"""

import collections
import sys
from types import new_class

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional

#: Classes whose instances Python code takes apart by underscored attributes, which proxies don't have: their proxies
#: don't claim to be instances.
_MACHINERY = frozenset(
    ("type", "function", "builtin_function_or_method", "method", "module", "coroutine", "code", "frame", "traceback")
)


def _nameless() -> "Dict[str, type]":
    """Classes that call themselves builtins and stand in no module."""
    tables: List[Any] = [{}, collections.OrderedDict()]
    views = [getattr(table, name)() for table in tables for name in ("keys", "values", "items")]
    iterated: List[Any] = [(), [], "", "é", b"", bytearray(), {}, set(), range(0), range(1 << 99), *views]
    others: List[Any] = [reversed([]), (view for view in views), iter(int, 0), type.__dict__, None, ...]
    found: List[Any] = [*views, *map(iter, iterated), *others]
    return {type(each).__name__: type(each) for each in found}


_NAMELESS = _nameless()


def loaded_class(module: str, qualname: str) -> "Optional[type]":
    """The class that this process has under that name, without importing or running anything."""
    if module == "builtins" and qualname in _NAMELESS:
        return _NAMELESS[qualname]
    found: Any = sys.modules.get(module)
    if found is None and "._" in module:  # a private part of a package that is whole elsewhere, as pathlib is
        found = sys.modules.get(module.partition("._")[0])
    for name in qualname.split("."):
        found = getattr(found, "__dict__", {}).get(name)
    return found if isinstance(found, type) else None


def local_class(name: str, module: str, bases: "List[List[str]]") -> "Optional[type]":
    """What `__class__` of a proxy is to be; None where this process knows nothing of the class but `object`.

    `bases` are the module and qualified name of each class of the peer's `__mro__`, the class itself first. A class
    that is not loaded here is stood for by an empty one with those of its bases that are.
    """
    if any(base == "builtins" and qualname in _MACHINERY for base, qualname in bases):
        return None
    loaded = [None if base == "__main__" else loaded_class(base, qualname) for base, qualname in bases]
    if loaded[0] is not None:
        return loaded[0]
    known: List[type] = []
    each: Any
    for each in loaded:
        if each not in (None, object) and _is_harmless(each) and not any(issubclass(one, each) for one in known):
            known.append(each)
    stand_ins = (_stand_in(name, module, some) for some in (known, *[[each] for each in known]))
    return next((found for found in stand_ins if found is not None), None)


def _stand_in(name: str, module: str, bases: "List[type]") -> "Optional[type]":
    if not bases:
        return None
    try:
        return new_class(name, tuple(bases), {}, lambda space: space.__setitem__("__module__", module))
    except TypeError:  # bases that don't go together, or that allow no subclass
        return None


def match_as(local: type, made: type) -> None:
    """Let `match` take instances of `made` for sequences or mappings where it takes those of `local` so."""
    import collections.abc as abc

    if issubclass(local, abc.Mapping):
        abc.Mapping.register(made)
    elif issubclass(local, abc.Sequence) and not issubclass(local, (str, bytes, bytearray)):
        abc.Sequence.register(made)


def _is_harmless(base: type) -> bool:
    """Whether making a subclass runs no code that somebody wrote to learn of subclasses."""
    if type(base).__module__ == "enum":
        return True
    return not any("__init_subclass__" in each.__dict__ for each in base.__mro__[:-1]) and (
        type(base) is type or type(base).__module__ == "abc"
    )
