"""Exceptions on the wire: told with type, arguments, traceback and cause chain; raised again as the same builtin.

A traceback is told as file, line, function and source line; never with the values of locals.
"""

import builtins
import os
import weakref

from . import error_classes
from .codec import is_copied
from .errors import RemoteTraceback

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, Dict, List, Optional, Tuple

_OURS = os.path.dirname(os.path.abspath(__file__)) + os.sep
#: Most exceptions of one cause chain that are told, and most lines of one traceback.
MAX_CHAIN, MAX_LINES = 16, 100


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
        "class": error_classes.told(kind),
        "args": _args(error),
        "attributes": _attributes(error),
        "text": text_of(error),
        "notes": [note for note in getattr(error, "__notes__", ()) if type(note) is str],
        "because": error.__cause__ is not None and not isinstance(error.__cause__, RemoteTraceback),
        "lines": _lines(error),
        "members": [told(member) for member in _members(error)],
    }


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
    import traceback  # here, since it takes a tenth of a start to import, and most servers meet no failure for long

    found = traceback.extract_tb(error.__traceback__)
    lines = [(entry.filename, entry.lineno, entry.name, entry.line or "") for entry in found]
    lines = [line for line in lines if not line[0].startswith(_OURS)] or lines
    return lines if len(lines) <= MAX_LINES else lines[: MAX_LINES // 2] + lines[-MAX_LINES // 2 :]


class _Kept:
    """That the peer of a link keeps an exception, and by which number. A copy in another process knows of no link."""

    __slots__ = ("link", "number")

    def __init__(self, link: "Any" = None, number: "Optional[int]" = None) -> None:
        self.link = link
        self.number = number

    def __reduce__(self) -> "Any":
        return _Kept, ()


def number_at_home(error: BaseException, link: "Any") -> "Optional[int]":
    """The number by which the peer of `link` keeps the exception that this one was rebuilt from, if it does."""
    kept = error.__dict__.get("_kept")
    return kept.number if type(kept) is _Kept and kept.link is not None and kept.link() is link else None


def rebuild(told: "Dict[str, Any]", where: str, link: "Any" = None) -> BaseException:
    """The exception to raise here for one that was told from `where`, its causes behind it.

    With a `link`, it can be told home over that as the one that it was.
    """
    chain = told["chain"]
    was_raised = told["before"] or any(one["lines"] for one in chain)
    end: Any = RemoteTraceback(told["before"] + _printed(chain, where)) if was_raised else None
    for one in reversed(chain):
        error = _rebuild_alone(one, where)
        if one["because"] or type(end) is RemoteTraceback:
            error.__cause__ = end
        else:
            error.__context__ = end
        end = error
    if link is not None and told.get("kept") is not None:
        end.__dict__["_kept"] = _Kept(weakref.ref(link), told["kept"])
    rebuilt: BaseException = end
    return rebuilt


def show_way(error: BaseException, told: "Dict[str, Any]", where: str) -> None:
    """Let Python print the way that an exception of this side took on the other, from where it came home."""
    way = RemoteTraceback(told["before"] + _printed(told["chain"], where))
    end = error
    for _ in range(MAX_CHAIN):
        if end.__cause__ is None and end.__context__ is None:
            break
        end = end.__cause__ or end.__context__ or end
        if isinstance(end, RemoteTraceback):
            end.text = way.text
            return
    end.__context__ = way


def _rebuild_alone(told: "Dict[str, Any]", where: str) -> "Any":
    args = told["args"]
    if told["members"]:
        args = (args[0], [rebuild(member, where) for member in told["members"]])
    error = _constructed(error_classes.raised(told["class"]), args)
    if error is None:  # nothing of its bases can be kept, but its name and its text
        error = error_classes.plain(told["class"])(*told["args"])
    if error_classes.is_made(type(error)):
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
        name = one["class"] if isinstance(one["class"], str) else one["class"][1]
        parts.append("%s: %s" % (name, one["text"]) if one["text"] else name)
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
