"""The names of a stub: how a class is spelled in it, what it imports for that, and which classes it must define."""

import builtins
import sys
import typing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from types import ModuleType
    from typing import Any, Dict, List, Set, Tuple

#: How every stub begins; who writes stubs to files knows by it which are his.
MADE_BY = "# Made by pygatectl stubs"
ANY = "Any"
#: What stands for "not found" where None is a value.
MISSING = object()
#: Generic classes of builtins with what a type checker wants to be told behind their bare names.
_BARE = {list: "[Any]", set: "[Any]", frozenset: "[Any]", type: "[Any]", dict: "[Any, Any]", tuple: "[Any, ...]"}
#: Classes of typing that stand for one of builtins.
_PLAIN = {"List": "list", "Dict": "dict", "Set": "set", "FrozenSet": "frozenset", "Tuple": "tuple", "Type": "type"}
#: Names of typing that Python 3.10, the oldest of who reads the stub, has not.
_NEWER = {"LiteralString", "Never", "NotRequired", "ReadOnly", "Required", "Self", "TypeIs", "Unpack"}


class Names:
    """How one module's stub spells classes. `wanted` are the classes to define, of this module and of others.

    A class is spelled if it is a builtin, of the standard library (`library`: top names of its modules), or of a
    module that has a stub (`stubbed`); any other is Any. `members` are names that classes of this module give to their
    members: within the class they hide what a module or a builtin of that name would be.
    """

    def __init__(
        self, module: "ModuleType", stubbed: "Collection[str]", library: "Collection[str]", members: "Set[str]"
    ) -> None:
        self._module = module
        self._stubbed = stubbed
        self._library = library
        self._members = members
        self._imported: Dict[str, str] = {}
        self.wanted: List[type] = []

    def imports(self) -> "List[str]":
        """The import statements of what was spelled so far."""
        lines = ["import %s" % module if module == alias else "import %s as %s" % (module, alias)
                 for module, alias in sorted(self._imported.items())]  # fmt: skip
        return [*lines, "from typing import Any"]

    def spelled(self, found: "Any") -> str:
        """The name of a class or of a form of typing; Any if the stub can't name it."""
        if found is None or found is type(None):
            return "None"
        if found is typing.Any:
            return ANY
        if isinstance(found, type):
            return self._class(found)
        module, _, name = repr(found).rpartition(".")
        if module in ("typing", "typing_extensions") and _look(module, name) is found:
            return self._typing(name)
        return ANY

    def bare(self, found: "Any") -> str:
        """As `spelled`, for a name that stands without parameters."""
        if getattr(found, "__module__", "") == "typing":  # List as list; before Python 3.7 it is a class of its own
            found = getattr(builtins, _PLAIN.get(str(found).rpartition(".")[2], ""), found)
        return self.spelled(found) + (_BARE.get(found, "") if isinstance(found, type) else "")

    def is_defined(self, of: "Any") -> bool:
        """Whether the class is one that a stub defines; its parameters are not told."""
        return isinstance(of, type) and of.__module__ in self._stubbed

    def of_library(self, module: str, name: str) -> str:
        """A name of a module of the standard library, which is imported."""
        return self._alias(module) + "." + name

    def builtin(self, name: str) -> str:
        """A name of builtins, also where a member hides it."""
        return self.of_library("builtins", name) if name in self._members else name

    def _class(self, of: type) -> str:
        module, path = of.__module__, of.__qualname__
        if module == "typing":
            return self._typing(of.__name__)
        if module == "builtins":
            return self.builtin(path) if getattr(builtins, path, None) is of else ANY
        if module in self._stubbed:
            return self._stubbed_class(of, module, path)
        if getattr(of, "__total__", None) is not None and issubclass(of, dict):  # a TypedDict, which is a dict
            return self.builtin("dict")
        for place in _public(module):
            if place.partition(".")[0] in self._library and _look(place, path) is of:
                return self.of_library(place, path)
        return ANY

    def _stubbed_class(self, of: type, module: str, path: str) -> str:
        top = path.partition(".")[0]
        if _look(module, path) is not of:
            return ANY
        self.wanted.append(_look(module, top))
        if module != self._module.__name__:
            return self.of_library(module, path)
        return ANY if top in self._members else path

    def _typing(self, name: str) -> str:
        if name in _PLAIN:
            return self.builtin(_PLAIN[name])
        return self.of_library("typing_extensions" if name in _NEWER else "typing", name)

    def _alias(self, module: str) -> str:
        top = module.partition(".")[0]
        hidden = top in self._members or isinstance(vars(self._module).get(top), type)
        self._imported[module] = "_" + module.replace(".", "_") if hidden else module
        return self._imported[module]


def _look(module: str, path: str) -> "Any":
    """What a loaded module has at a dotted path, or MISSING."""
    found: Any = sys.modules.get(module, MISSING)
    for name in path.split("."):
        found = getattr(found, name, MISSING)
    return found


def _public(module: str) -> "Tuple[str, ...]":
    """Where a class may be had without naming a private module: `_io` as `io`, `pathlib._local` as `pathlib`."""
    parts = module.split(".")
    private = [position for position, part in enumerate(parts) if part.startswith("_")]
    if not private:
        return (module,)
    return (".".join(parts[: private[0]]) or parts[0].lstrip("_"),)
