"""Class paths: from the paths and the names that a host gives to modules and classes of this interpreter.

====================================  ===========================================  =========================
module                                path given                                   class name used
====================================  ===========================================  =========================
plain                                 ``<root>/PersonDemo.py``                     ``PersonDemo.Person``
in a package                          ``<root>/demo.PersonDemo.py``                ``demo.PersonDemo.Person``
plain, no class wanted                ``<root>/noclass.py``                        ``noclass.``
in a package, no class                ``<root>/demo.noclass.py``                   ``demo.noclass.``
====================================  ===========================================  =========================

A folder may be given too: what lies in it can be imported.
"""

import importlib
import importlib.machinery
import os
import sys
import threading

from .description import reachable
from .errors import ClassPathError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any, Dict, Set, Tuple


class ClassPath:
    """The modules that hosts named by path, and the search for classes by name.

    One for a server, since an interpreter can hold one module of a name. It is the first finder of the interpreter's
    import system, so that a module named by path comes before another of its name.
    """

    def __init__(self) -> None:
        # A finder without its base class, whose module takes a third of a server's start to import.
        sys.meta_path.insert(0, self)
        #: Guards the roots. Not held while anything is imported.
        self._roots_lock = threading.Lock()
        self._roots: Dict[str, str] = {}
        self._added: Set[str] = set()

    def add(self, path: "Any") -> str:
        """Add one path; the name of its module, or the folder itself. Nothing is imported yet.

        Raises ClassPathError if there is no such file, or if its top module is already here from another place.
        """
        if type(path) is not str or not path:
            raise ClassPathError("a class path must be text, not %r" % (path,))
        path = os.path.abspath(os.path.expanduser(path))
        if os.path.isdir(path):
            _search(path)
            self._added.add(str(path))
            return str(path)
        name, root = _split(str(path))
        top = name.partition(".")[0]
        with self._roots_lock:
            other = self._roots.setdefault(top, root)
        if other != root:
            raise ClassPathError(
                "%s: this server has %r from %s already; one server holds one module of a name, so start another "
                "gateway for this one, or rename it" % (path, top, other)
            )
        loaded = sys.modules.get(top)
        if loaded is not None and not _is_from(loaded, root):
            with self._roots_lock:
                del self._roots[top]
            raise ClassPathError(
                "%s: the server's interpreter has loaded another %r already (%s); rename yours"
                % (path, top, getattr(loaded, "__file__", None) or "built in")
            )
        _search(root)
        _search(os.path.dirname(os.path.join(root, *name.split("."))))
        self._added.add(str(path))
        return name

    def has(self, path: "Any") -> bool:
        """Whether this very path was added."""
        return type(path) is str and os.path.abspath(os.path.expanduser(path)) in self._added

    def find_spec(self, name: str, path: "Any" = None, target: "Any" = None) -> "Any":  # noqa: ARG002 - as importlib asks
        """Called by the import system."""
        root = self._roots.get(name)
        return None if root is None else importlib.machinery.PathFinder.find_spec(name, [root])

    def find(self, name: "Any") -> "Any":
        """The class `name`; or the module, where the name ends in a dot.

        Raises ClassPathError if there is none, and whatever importing its module raises.
        """
        if type(name) is not str:
            raise ClassPathError("a class name must be text, not %r" % (name,))
        module_name, dot, class_name = name.rpartition(".")
        if not dot or not all(module_name.split(".")):
            raise ClassPathError(
                "%r names no module: write MODULE.CLASS, such as 'PersonDemo.Person', or 'MODULE.' for a module" % name
            )
        if not class_name:
            return self._import(module_name)
        owner, rest = self._import_longest(module_name)
        for part in (*rest, class_name):
            found = getattr(owner, reachable(part), _MISSING)
            if found is _MISSING:
                raise ClassPathError("%s has no %r" % (_called(owner), part))
            owner = found
        return owner

    def _import_longest(self, name: str) -> "Tuple[Any, Tuple[str, ...]]":
        """The module `name`; or the longest module in front of it, and the rest: names of classes within classes."""
        parts = name.split(".")
        for end in range(len(parts), 0, -1):
            try:
                return self._import(".".join(parts[:end])), tuple(parts[end:])
            except ClassPathError:
                if end == 1:
                    raise
        raise AssertionError

    def _import(self, name: str) -> "ModuleType":
        for part in name.split("."):
            reachable(part)
        try:
            return importlib.import_module(name)
        except ImportError as error:
            missing = error.name or ""
            if isinstance(error, ModuleNotFoundError) and (name == missing or name.startswith(missing + ".")):
                raise ClassPathError(
                    "no module %r in the server's interpreter or on the gateway's class path; add its path with "
                    "add_to_class_path" % name
                ) from None
            raise


_MISSING = object()


def _split(path: str) -> "Tuple[str, str]":
    """The module's dotted name and the folder of its top module. Raises ClassPathError if there is no such file."""
    folder, base = os.path.split(path)
    name, ending = os.path.splitext(base)
    if ending != ".py":
        raise ClassPathError("%s: neither a folder nor the path of a module, which ends in .py" % path)
    place = os.path.join(folder, *name.split("."))
    if os.path.isfile(place + ".py") or os.path.isfile(os.path.join(place, "__init__.py")):
        return name, folder
    if "." in name:
        raise ClassPathError("%s: there is no %s.py; the dots of a name stand for packages" % (path, place))
    raise ClassPathError("%s: there is no such file on the server's machine" % path)


def _search(folder: str) -> None:
    """Let modules of `folder` be imported by their plain names, behind all others."""
    if folder not in sys.path:
        sys.path.append(folder)
        importlib.invalidate_caches()


def _is_from(module: "ModuleType", root: str) -> bool:
    places = [getattr(module, "__file__", None), *getattr(module, "__path__", ())]
    return any(place and os.path.abspath(place).startswith(os.path.join(root, "")) for place in places)


def _called(owner: "Any") -> str:
    name = getattr(owner, "__qualname__", None)
    return "class %s" % name if name else "module %s" % getattr(owner, "__name__", owner)
