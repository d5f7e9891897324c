"""The allow list of a server: what its hosts can name, and which classes, functions and modules they can get.

An entry names one class or function (``PersonDemo.Person``), a module's functions and values (``PersonDemo.``), or all
that a module and those within it define (``demo.*``). With a list,

* a name that is not on it is not even imported;
* through a wildcard only what the module itself defines is meant, not what it imported;
* no path can be added to the class path, since a file of an allowed name could be anywhere;
* modules, and classes and functions that are not on the list, are given to no host, by whichever attribute or result.

The methods of a class on the list are its own, wherever they were taken from; objects of other classes that it returns
or has as attributes can be used: they are what it gives out.
"""

from types import BuiltinFunctionType, FunctionType, ModuleType

from .errors import NotAllowed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, List, Optional, Set


class AllowList:
    """The entries of one server's list."""

    def __init__(self, entries: "Sequence[str]") -> None:
        """Raises ValueError for an entry that can't be one."""
        self._exact: Set[str] = set()
        self._within: List[str] = []
        for entry in entries:
            name = entry[:-2] if entry.endswith(".*") else entry[:-1] if entry.endswith(".") else entry
            if not all(part.isidentifier() for part in name.split(".")) or (name == entry and "." not in name):
                raise ValueError(
                    "%r is no entry of an allow list; write MODULE.CLASS, 'MODULE.' for its functions, or 'MODULE.*'"
                    % (entry,)
                )
            if entry.endswith(".*"):
                self._within.append(name)
            else:
                self._exact.add(entry)

    def check_name(self, name: "Any") -> None:
        """Refuse a class or module name before anything of it is imported. Raises NotAllowed."""
        if type(name) is not str or not (name in self._exact or self._is_within(name.rpartition(".")[0])):
            raise NotAllowed(
                "%r is not on the allow list of this server; its definition's field 'allow' has it" % (name,)
            )

    def check_found(self, name: str, found: "Any") -> "Any":
        """`found`, which `name` led to, if it is what the list means by that name. Raises NotAllowed."""
        if name in self._exact:
            return found
        if isinstance(found, (type, ModuleType)) or _is_function(found):
            return self.check_value(found)
        raise NotAllowed("%r is no class, and not on the allow list of this server by its own name" % name)

    def check_value(self, value: "Any") -> "Any":
        """`value`, if a host may get it. Raises NotAllowed for a module, class or function that is not on the list."""
        if isinstance(value, ModuleType):
            home, name = value.__name__, value.__name__ + "."
        elif isinstance(value, type) or _is_function(value):
            home = _home(value)
            name = "%s.%s" % (home, value.__qualname__)
        else:
            return value
        if name in self._exact or self._is_within(home) or (_is_function(value) and home + "." in self._exact):
            return value
        raise NotAllowed("%s is not on the allow list of this server, and is not given out" % name)

    def _is_within(self, module: "Optional[str]") -> bool:
        return module is not None and any(module == name or module.startswith(name + ".") for name in self._within)


def _is_function(value: "Any") -> bool:
    """Whether it is a function of a module, and no method of an object."""
    if type(value) is FunctionType:
        return True
    return type(value) is BuiltinFunctionType and isinstance(value.__self__, (ModuleType, type(None)))


def _home(value: "Any") -> str:
    """The module that defines a class or function: a builtin function's own, whatever it says of itself.

    What a module has in C, as `operator` has `add` in `_operator`, counts as its own.
    """
    owner = getattr(value, "__self__", None)
    return str(owner.__name__ if isinstance(owner, ModuleType) else value.__module__).lstrip("_")
