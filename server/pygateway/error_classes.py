"""Classes of exceptions on the wire: told by name and bases, and made again so that `except` catches what it should.

A builtin is its name. Any other class is [module, name, [its bases that are exceptions]]. The class made of that here
stands on RemoteError, and on the class of the same name that this process has loaded, or else on the classes of its
bases: `except ValueError`, `except lib.AppError` and `except queue.Empty` catch what they catch over there.
"""

from collections import deque
from weakref import WeakValueDictionary

from . import errors
from .builtin_classes import BY_NAME, NAMES
from .errors import GatewayError, RemoteError
from .local_class import loaded_class

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Deque, List, Optional, Tuple, Union

    Form = Union[str, List[Any]]

#: Exceptions that would end this program; what is one over there is none here, but for its name.
_ENDING = (SystemExit, KeyboardInterrupt, GeneratorExit)
#: The classes made here that something uses, and the last of them whether it does or not: making one costs more than a
#: lookup, and a peer that makes up classes for ever fills no memory.
_made: "WeakValueDictionary[Tuple[Any, ...], type]" = WeakValueDictionary()
_last: "Deque[type]" = deque(maxlen=256)


def told(of: type) -> "Form":
    """The form of an exception class."""
    if of in NAMES:
        return NAMES[of]
    if getattr(errors, of.__name__, None) is of:
        return str(of.__name__)
    bases: List[Form] = []
    for base in of.__bases__:
        if base in (RemoteError, GatewayError) or not issubclass(base, BaseException):
            continue
        form = told(base)
        # A class made here on the loaded one of the same name is no other class.
        bases.extend(form[2] if form[:2] == [of.__module__, of.__name__] else [form])
    return [of.__module__, of.__name__, bases or ["Exception"]]


def caught(form: "Form") -> "Any":
    """The class for `except` here: the loaded one or a builtin itself, else one that is made."""
    if not isinstance(form, str):
        loaded = _loaded(form[0], form[1])
        if loaded is not None:
            return loaded
    return _class(form)


def raised(form: "Form") -> "Any":
    """The class to raise here."""
    found = _class(form)
    if _is_harmless(found):
        return found
    return _make("builtins", found.__name__, (RemoteError,))


def plain(form: "Form") -> "Any":
    """A class of the same name that needs nothing but a text, for an error that can't be made again otherwise."""
    module, name = ("builtins", form) if isinstance(form, str) else (form[0], form[1])
    return _make(module, name, (RemoteError, Exception))


def is_made(of: type) -> bool:
    """Whether a class was made here, and so has no way of its own to tell its text."""
    return "__str__" in of.__dict__ and of.__dict__["__str__"] is _text


def _class(form: "Form") -> "Any":
    if isinstance(form, str):
        found = BY_NAME.get(form) or getattr(errors, form, None)
        return found if isinstance(found, type) and issubclass(found, BaseException) else Exception
    module, name, bases = form
    loaded = _loaded(module, name)
    if module == "builtins" and loaded is not None:
        return loaded
    known = tuple(base for base in map(_class, bases) if _is_harmless(base)) if loaded is None else (loaded,)
    if not any(issubclass(base, GatewayError) for base in known):
        known = (RemoteError, *known)
    return _make(module, name, known)


def _is_harmless(of: type) -> bool:
    """Whether one may be raised here: it ends no program, and no more than a task of an event loop."""
    return issubclass(of, Exception) or of.__name__ == "CancelledError" or issubclass(of, RemoteError)


def _loaded(module: str, name: str) -> "Optional[type]":
    """The exception class of that name which this process has loaded, unless it would end the program."""
    found = None if module == "__main__" else loaded_class(module, name)
    if found is None or not issubclass(found, BaseException) or issubclass(found, _ENDING):
        return None
    return found if _is_harmless(found) else None


def _make(module: str, name: str, bases: "Tuple[type, ...]") -> type:
    key = (module, name, bases)
    found = _made.get(key)
    if found is None:
        namespace = {"__module__": module, "__str__": _text, "__init__": _initial(bases)}
        try:
            found = type(name, bases, namespace)
        except TypeError:  # bases that don't go together here
            found = type(name, bases[:2], {**namespace, "__init__": _initial(bases[:2])})
        found = _made.setdefault(key, found)
        _last.append(found)
    return found


def _initial(bases: "Tuple[type, ...]") -> "Any":
    """The builtin's own `__init__`: a class's own would make of its arguments what it made of them once."""
    own = [base for base in bases if base is not RemoteError] or [Exception]
    nearest = (base for one in own for base in one.__mro__ if base.__module__ == "builtins")
    return next(nearest).__init__  # type: ignore[misc]


def _text(self: "Any") -> str:
    """The text that the exception had on its own side, where its __str__ is."""
    said = self.__dict__.get("_said")
    if said is not None:
        return str(said)
    texts = (base.__dict__["__str__"] for base in type(self).__mro__ if "__str__" in base.__dict__)
    return str(next(text for text in texts if text is not _text)(self))
