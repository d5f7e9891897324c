"""Exceptions on the wire: told with type, arguments, traceback and cause chain; raised again as the same builtin.

A traceback is told as file, line, function and source line; never with the values of locals.
"""

import builtins
import os
import traceback

from . import errors
from .codec import is_copied
from .errors import GatewayError, RemoteError, RemoteTraceback
from .local_class import loaded_class

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, Dict, List, Optional, Tuple

_OURS = os.path.dirname(os.path.abspath(__file__)) + os.sep
#: Most exceptions of one cause chain that are told, and most lines of one traceback.
MAX_CHAIN, MAX_LINES = 16, 100
_ENDING = (SystemExit, KeyboardInterrupt, GeneratorExit)
_made: "Dict[Tuple[str, str, type, Optional[type]], type]" = {}


def told(error: BaseException) -> "Dict[str, Any]":
    """What the other side is told of `error` and of its causes: plain values, and references in `args`."""
    chain: List[Dict[str, Any]] = []
    seen = set()
    before = ""
    link: Optional[BaseException] = error
    while link is not None and id(link) not in seen and len(chain) < MAX_CHAIN:
        if isinstance(link, RemoteTraceback):  # the error came to this side from the other: its way so far
            before = link.text
            break
        seen.add(id(link))
        chain.append(_told_alone(link))
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return {"chain": chain, "before": before}


def _told_alone(error: BaseException) -> "Dict[str, Any]":
    kind = type(error)
    return {
        "name": kind.__name__,
        "module": kind.__module__,
        "base": _nearest(kind).__name__,
        "args": _args(error),
        "attributes": _attributes(error),
        "text": text_of(error),
        "notes": [note for note in getattr(error, "__notes__", ()) if type(note) is str],
        "because": error.__cause__ is not None and not isinstance(error.__cause__, RemoteTraceback),
        "lines": _lines(error),
        "members": [told(member) for member in _members(error)],
    }


def _nearest(kind: type) -> type:
    """The first builtin exception among the bases; errors of the gateway's own tree count as such.

    An exception that came from the other side before says as what it was a builtin there behind RemoteError.
    """
    for base in kind.__mro__:
        if base in (RemoteError, GatewayError):
            continue
        if getattr(builtins, base.__name__, None) is base or getattr(errors, base.__name__, None) is base:
            return base  # type: ignore[no-any-return] # a class of an __mro__
    return Exception


def _args(error: BaseException) -> "Tuple[Any, ...]":
    if isinstance(error, OSError) and len(error.args) == 2 and error.filename is not None:
        return (*error.args, error.filename, None, error.filename2)
    if _members(error):
        return (error.args[0], [])
    return tuple(error.args)


def _members(error: BaseException) -> "Sequence[BaseException]":
    """The exceptions of an ExceptionGroup (Python 3.11 and later)."""
    group = getattr(builtins, "BaseExceptionGroup", None)
    return error.exceptions[:MAX_CHAIN] if group is not None and isinstance(error, group) else ()


def _attributes(error: BaseException) -> "Dict[str, Any]":
    found = dict(getattr(error, "__dict__", {}))
    if isinstance(error, (ImportError, AttributeError, NameError)):  # these keep some outside of __dict__
        found.update((name, getattr(error, name, None)) for name in ("name", "path") if hasattr(error, name))
    return {name: value for name, value in found.items() if not name.startswith("_") and is_copied(value)}


def text_of(error: BaseException) -> str:
    try:
        return str(error)
    except Exception as failed:  # noqa: BLE001 - a __str__ of the user's; it must not hide the error itself
        return "<its __str__ raised %s>" % type(failed).__name__


def _lines(error: BaseException) -> "List[Tuple[str, Optional[int], str, str]]":
    """The traceback without the frames of this package, where there are others."""
    found = traceback.extract_tb(error.__traceback__)
    lines = [(entry.filename, entry.lineno, entry.name, entry.line or "") for entry in found]
    lines = [line for line in lines if not line[0].startswith(_OURS)] or lines
    return lines if len(lines) <= MAX_LINES else lines[: MAX_LINES // 2] + lines[-MAX_LINES // 2 :]


def rebuild(told: "Dict[str, Any]", where: str) -> BaseException:
    """The exception to raise here for one that was told from `where`, its causes behind it."""
    chain = told["chain"]
    end: BaseException = RemoteTraceback(told["before"] + _printed(chain, where))
    for one in reversed(chain):
        error = _rebuild_alone(one, where)
        if one["because"] or type(end) is RemoteTraceback:
            error.__cause__ = end
        else:
            error.__context__ = end
        end = error
    return end


def _rebuild_alone(told: "Dict[str, Any]", where: str) -> "Any":
    kind = _kind(told["name"], told["module"], told["base"])
    args = told["args"]
    if told["members"]:
        args = (args[0], [rebuild(member, where) for member in told["members"]])
    error = _constructed(kind, args)
    if error is None:  # nothing of its bases can be kept, but its name and its text
        kind = _kind(told["name"], told["module"], "Exception", made=True)
        error = kind(*told["args"])
    if kind in _made.values():
        error.__dict__["_said"] = told["text"]
    for name, value in told["attributes"].items():
        setattr(error, name, value)
    if told["notes"]:
        error.__dict__["__notes__"] = told["notes"]
    return error


def _constructed(kind: "Any", args: "Tuple[Any, ...]") -> "Any":
    """An exception of this kind; None if there is no way to make one."""
    try:
        return kind(*args)
    except Exception:  # noqa: BLE001 - a builtin that asks for other arguments than those its subclass was made with
        try:
            error = kind.__new__(kind)
            error.args = args
        except Exception:  # noqa: BLE001 - or that can't be made without them
            return None
        return error


def _kind(name: str, module: str, base: str, made: bool = False) -> "Any":
    """The class to raise here: the builtin itself, or one of the same name made on it; always that, if `made`.

    Where this process has loaded the exception's own class, the one made here is on that as well, so that
    `except queue.Empty` works.
    """
    nearest = getattr(builtins, base, None) or getattr(errors, base, None)
    if not (isinstance(nearest, type) and issubclass(nearest, BaseException)):
        nearest = Exception
    ends = issubclass(nearest, _ENDING) or not issubclass(nearest, Exception)
    if name == nearest.__name__ and not ends and not made:
        return nearest
    loaded = None if made else _loaded(module, name)
    key = (name, module, nearest, loaded)
    found = _made.get(key)
    if found is None:
        found = _made[key] = _make_kind(name, module, nearest, loaded, ends)
    return found


def _loaded(module: str, name: str) -> "Optional[type]":
    """The exception class of that name which this process has loaded, unless it would end the program."""
    found = None if module in ("__main__", "builtins") else loaded_class(module, name)
    if found is None or not issubclass(found, BaseException) or issubclass(found, _ENDING):
        return None
    return found if issubclass(found, Exception) or found.__name__ == "CancelledError" else None


def _make_kind(name: str, module: str, nearest: type, loaded: "Optional[type]", ends: bool) -> type:
    namespace = {"__module__": module, "__str__": _said}
    if issubclass(nearest, GatewayError):
        return type(name, (nearest,), namespace)
    if loaded is not None and issubclass(loaded, nearest):
        try:  # its own __init__ would make of the arguments what it made of them once
            return type(name, (RemoteError, loaded), {**namespace, "__init__": nearest.__init__})
        except TypeError:  # it allows no subclass
            pass
    return type(name, (RemoteError,) if ends else (RemoteError, nearest), namespace)


def _said(self: "Any") -> str:
    """The text that the exception had on its own side, where its __str__ is."""
    return str(self._said)


def _printed(chain: "List[Dict[str, Any]]", where: str) -> str:
    """The whole remote traceback as text, causes first, as Python prints it."""
    parts = []
    for position in range(len(chain) - 1, -1, -1):
        one = chain[position]
        parts.append("Traceback on %s (most recent call last):" % where)
        for filename, line, function, source in one["lines"]:
            parts.append('  File "%s", line %s, in %s' % (filename, line, function))
            if source:
                parts.append("    " + source)
        parts.append("%s: %s" % (one["name"], one["text"]) if one["text"] else one["name"])
        parts.extend(one["notes"])
        if position:
            parts.append("")
            because = chain[position - 1]["because"]
            parts.append(
                "The above exception was the direct cause of the following exception:"
                if because
                else "During handling of the above exception, another exception occurred:"
            )
            parts.append("")
    return "\n".join(parts) + "\n"
