"""Stubs: classes of this interpreter as the text of `.pyi` files, so that an editor completes their proxies.

A host asks for them as for anything else: `gateway.invoke("pygateway.stub.", "stub", "PersonDemo.Person")`. They are
made here, where the classes are, and read elsewhere, by type checkers for Python 3.10 and later.
"""

import difflib
import platform
import sys

from .errors import ClassPathError, GatewayError
from .object_thread import current
from .stub_attributes import source_tree, stored_names
from .stub_class import ClassStub, own_annotations
from .stub_names import MADE_BY, Names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType
    from typing import Dict, List, Optional, Tuple

_HEAD = (
    MADE_BY
    + """ from %s, as CPython %s has it. Changes are lost when it is made again.
# It tells classes as they are, whatever a type checker thinks of how they override each other.
# mypy: disable-error-code="assignment,attr-defined,import-not-found,misc,name-defined,no-redef,override,type-arg"
"""
)


def stub(name: str, library: "Sequence[str]" = ()) -> str:
    """The stub of the module of one class, with that class and those of the same module that it needs.

    `name` is as for `Gateway.new`, or "MODULE." for all its classes; `library` are the names of the standard library's
    modules where the stub is read; by default, what it has here. Raises ClassPathError if there is no such class, and
    whatever importing its module raises.
    """
    return stubs(name, library=library)[0][2]


def stubs(*names: str, library: "Sequence[str]" = ()) -> "Tuple[Tuple[str, bool, str], ...]":
    """The stubs of several classes: for each module its name, whether it is a package, and its text.

    A class of one of these modules that another needs is imported there.
    """
    known = frozenset(library or getattr(sys, "stdlib_module_names", sys.builtin_module_names))
    wanted = [of for name in names for of in _find(name)]
    modules: Dict[str, _ModuleStub] = {}
    for of in wanted:
        modules[of.__module__] = _ModuleStub(sys.modules[of.__module__])
    while wanted:
        wanted = [more for of in wanted for more in modules[of.__module__].define(of, modules, known)]
    return tuple((name, made.is_package, made.text()) for name, made in modules.items())


def _find(name: str) -> "List[type]":
    """The class of this name; or, of a module, all its public ones."""
    thread = current()
    if thread is None:
        raise GatewayError("stubs are made on a server: gateway.invoke('pygateway.stub.', 'stub', 'MODULE.CLASS')")
    class_path = thread.connection.server.class_path
    module_name, _, class_name = name.rpartition(".")
    if class_name:
        try:
            found = class_path.find(name)
        except ClassPathError as error:
            raise ClassPathError("%s%s" % (error, _advice(module_name, class_name))) from None
        if isinstance(found, type):
            return [_top(found)]
        what = _article(type(found).__name__)
        raise ClassPathError("%s is no class but %s%s" % (name, what, _advice(module_name, class_name)))
    of_module = _classes(class_path.find(name))
    if not of_module:
        raise ClassPathError("the module %r defines no classes" % module_name)
    return of_module


def _top(of: type) -> type:
    """The class itself, or the one of its module that it is defined in."""
    found = getattr(sys.modules[of.__module__], of.__qualname__.partition(".")[0], None)
    if not isinstance(found, type):
        raise ClassPathError("%s.%s is made by code and can't be told in a stub" % (of.__module__, of.__qualname__))
    return found


def _classes(module: "ModuleType") -> "List[type]":
    """The public classes that a module defines."""
    return [
        of
        for name, of in vars(module).items()
        if isinstance(of, type) and of.__module__ == module.__name__ and not name.startswith("_")
    ]


def _article(name: str) -> str:
    return ("an " if name[0] in "aeiou" else "a ") + name


def _advice(module_name: str, class_name: str) -> str:
    """What might have been meant, where the module is there."""
    module = sys.modules.get(module_name)
    known = [] if module is None else [of.__name__ for of in _classes(module)]
    close = difflib.get_close_matches(class_name, known, n=1)
    if close:
        return "; did you mean %r?" % close[0]
    return "; its classes: " + ", ".join(known[:10]) if known else ""


class _ModuleStub:
    """The stub of one module, which grows with the classes that are wanted of it."""

    def __init__(self, module: "ModuleType") -> None:
        self._module = module
        self._source = source_tree(module)
        self._defined: Dict[type, List[str]] = {}
        self._names: Optional[Names] = None
        self.is_package = hasattr(module, "__path__")

    def define(self, of: type, stubbed: "Dict[str, _ModuleStub]", library: "frozenset[str]") -> "List[type]":
        """Define a class, unless it is there; the classes that are wanted for it."""
        if of in self._defined:
            return []
        if self._names is None:
            self._names = Names(self._module, stubbed, library, self._member_names())
        self._names.wanted.clear()
        self._defined[of] = ClassStub(of, self._module, self._source, self._names).lines()
        return list(self._names.wanted)

    def text(self) -> str:
        """The whole stub, its classes in the order of the module."""
        assert self._names is not None
        order = {of: position for position, of in enumerate(vars(self._module).values()) if isinstance(of, type)}
        blocks = [self._defined[of] for of in sorted(self._defined, key=lambda of: order.get(of, 0))]
        head = _HEAD % (self._module.__name__, platform.python_version())
        return head + "\n".join([*self._names.imports(), *("\n" + "\n".join(lines) for lines in blocks)]) + "\n"

    def _member_names(self) -> "set[str]":
        found = stored_names(self._source)
        classes = [of for of in vars(self._module).values() if isinstance(of, type)]
        for of in classes:
            found.update(vars(of), own_annotations(of))
            classes.extend(each for each in vars(of).values() if isinstance(each, type) and each not in classes)
        return found
