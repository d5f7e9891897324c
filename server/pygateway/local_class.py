"""The class of this process that a class of the peer stands for, so that `isinstance` of a proxy says what it would of
the object. Nothing is imported for it: what this process has not loaded it can't ask for either.
"""

import sys
from types import new_class

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Optional

#: Classes whose instances Python code takes apart by underscored attributes, which proxies don't have: their proxies
#: don't claim to be instances.
_MACHINERY = frozenset(
    ("type", "function", "builtin_function_or_method", "method", "module", "coroutine", "code", "frame", "traceback")
)


def loaded_class(module: str, qualname: str) -> "Optional[type]":
    """The class that this process has under that name, without importing or running anything."""
    found: Any = sys.modules.get(module)
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
    return _stand_in(name, module, known) or _stand_in(name, module, known[:1])


def _stand_in(name: str, module: str, bases: "List[type]") -> "Optional[type]":
    if not bases:
        return None
    try:
        return new_class(name, tuple(bases), {}, lambda space: space.update(__module__=module))
    except TypeError:  # bases that don't go together, or that allow no subclass
        return None


def _is_harmless(base: type) -> bool:
    """Whether making a subclass runs no code that somebody wrote to learn of subclasses."""
    return not any("__init_subclass__" in each.__dict__ for each in base.__mro__[:-1]) and (
        type(base) is type or type(base).__module__ in ("abc", "enum")
    )
