"""Proxies: stand-ins with the members of the peer's objects, made from what the peer tells of their classes."""

from threading import get_ident
from types import MethodType
from weakref import WeakValueDictionary

from .description import ITEMS, METHOD, RETURNS
from .errors import GatewayError, NotReachable
from .frames import CALL, DELETE, GET, NAMED, SET
from .iteration import CHANGES, items
from .local_class import local_class, match_as
from .operators import OPERATORS, Remote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from typing import Any, Dict, List, Optional, Tuple

    from .link import Link


class Proxy(Remote):
    """The base of all proxies. What begins with an underscore is the proxy's own; all else is the object's."""

    __slots__ = ("__weakref__", "_link", "_number")

    _link: "Link"
    _number: int
    #: Numbers of the properties by name, and of all members; each proxy class has its own.
    _properties: "Dict[str, int]" = {}  # noqa: RUF012 - replaced by each subclass, changed by none
    _names: "Tuple[str, ...]" = ()

    def __new__(cls, *args: "Any", **kwargs: "Any") -> "Any":  # noqa: ARG004 - whatever a user tries
        raise TypeError(
            "the class of a proxy makes no objects; use gateway.new(%r), or call the proxy of the class"
            % ("%s.%s" % (cls.__module__, cls.__qualname__))
        )

    def __getattr__(self, name: str) -> "Any":
        if name in self._properties:
            error = self._link.attribute_errors.pop(get_ident(), None)
            if error is not None:  # the property's getter raised it, and Python came here
                raise error
            return self._link.request(GET, self._number, self._properties[name])
        if name.startswith("_"):
            raise NotReachable("%r object has no reachable attribute %r" % (type(self).__name__, name))
        return self._link.request(GET, self._number, NAMED, (name,))

    def __setattr__(self, name: str, value: "Any") -> None:
        if name.startswith("_"):
            raise NotReachable("%r can't be set through a proxy: it begins with an underscore" % name)
        member = self._properties.get(name)
        if member is None:
            self._link.request(SET, self._number, NAMED, (name, value))
        else:
            self._link.request(SET, self._number, member, (value,))

    def __delattr__(self, name: str) -> None:
        if name.startswith("_"):
            raise NotReachable("%r can't be deleted through a proxy: it begins with an underscore" % name)
        self._link.request(DELETE, self._number, NAMED, (name,))

    def _call(self, name: str, *args: "Any") -> "Any":
        return self._link.request(CALL, self._number, self._names.index(name), args)

    def __dir__(self) -> "List[str]":
        names = self._call("__dir__")
        found = self._link.value_of(names) if isinstance(names, Proxy) else names
        return [name for name in found if not name.startswith("_") or name in OPERATORS]

    def __repr__(self) -> str:
        try:
            return str(self._call("__repr__"))
        except GatewayError as error:
            return "<proxy of a %s.%s: %s>" % (type(self).__module__, type(self).__name__, error)

    def __reduce_ex__(self, protocol: "Any") -> "Any":
        return self._link.reference_to(self._number)


class Coroutine(Proxy):
    """A proxy of a coroutine: an event loop here drives it by `send`, while it runs in the object's own."""

    __slots__ = ("_driver",)

    _driver: "Generator[Any, Any, Any]"

    def send(self, value: "Any") -> "Any":
        return self._driven().send(value)

    def throw(self, *error: "Any") -> "Any":
        return self._driven().throw(*error)

    def close(self) -> None:
        if getattr(self, "_driver", None) is None:
            self._call("close")
        else:
            self._driver.close()

    def _driven(self) -> "Generator[Any, Any, Any]":
        if getattr(self, "_driver", None) is None:
            _set_driver(self, self._link.awaited(self._number))
        return self._driver


_set_link = Proxy.__dict__["_link"].__set__
_set_number = Proxy.__dict__["_number"].__set__
_set_driver = Coroutine.__dict__["_driver"].__set__
#: Members that stand in Proxy or Coroutine themselves.
_OWN = frozenset(("__repr__", "__dir__"))
DRIVING = frozenset(("send", "throw", "close"))
#: The proxy classes in use, by what was told of the peer's and the class of this side that it is, if it is one.
_made: "WeakValueDictionary[Tuple[str, Optional[type]], type[Proxy]]" = WeakValueDictionary()


def make(kind: "type[Proxy]", link: "Link", number: int) -> Proxy:
    """A proxy for the peer's object `number`."""
    proxy: Proxy = object.__new__(kind)
    _set_link(proxy, link)
    _set_number(proxy, number)
    return proxy


def proxy_class(told: "Dict[str, Any]") -> "type[Proxy]":
    """The class of the proxies for one class of the peer, from what the peer tells of it.

    Connections that are told the same share one class, which ends with the last of its proxies and connections.
    """
    local = local_class(told["name"], told["module"], told["bases"])
    same = (repr(told), local)
    made = _made.get(same)
    if made is None:
        made = _made.setdefault(same, _make_class(told, local))
    return made


def _make_class(told: "Dict[str, Any]", local: "Optional[type]") -> "type[Proxy]":
    names = tuple(member[0] for member in told["members"])
    is_coroutine = "__await__" in names and DRIVING.issubset(names)
    namespace: Dict[str, Any] = {
        "__slots__": (),
        "__module__": told["module"],
        "__qualname__": told["qualname"],
        "__doc__": told["doc"],
        "_names": names,
        "_properties": {m[0]: number for number, m in enumerate(told["members"]) if m[1] == "property"},
    }
    if not told["hashable"]:
        namespace["__hash__"] = None
    if local is not None:
        namespace["__class__"] = property(lambda self: local)
    changes = any(kind == ITEMS for _, kind, _, _ in told["members"])
    for number, member in enumerate(told["members"]):
        name = member[0]
        if name not in _OWN and not (is_coroutine and name in DRIVING):
            namespace.update(members_of(number, member, told["qualname"], changes and name in CHANGES))
    if (told["module"], told["name"]) == ("builtins", "function"):
        namespace["__get__"] = _bound
    if "__eq__" in namespace and told["hashable"]:
        namespace.setdefault("__hash__", Proxy.__hash__)
    made = type(told["name"], (Coroutine if is_coroutine else Proxy,), namespace)
    if local is not None:
        match_as(local, made)
    return made


def members_of(number: int, told: "List[Any]", qualname: str, changes: bool) -> "Dict[str, Any]":
    """What stands in a proxy class for one member of the peer's class."""
    name, kind, doc, signature = told
    if kind == ITEMS:
        return {name: _items(number)}
    if name == "__signature__":
        return {name: property(lambda self: _signature(self._link.request(GET, self._number, number), bound=False))}
    if name in ("__name__", "__qualname__"):  # Python keeps these words for the class; see __getattr__
        return {}
    if kind != METHOD:
        return {name: _property(number, doc)}
    if name in _BUILT:
        return {name: _BUILT[name](number)}
    method = _changing_method(number) if changes else _method(number)
    method.member = number  # type: ignore[attr-defined] # read by Batch and by Link.refer
    method.__name__ = name
    method.__qualname__ = "%s.%s" % (qualname, name)
    method.__doc__ = doc
    method.__annotations__ = {}
    if signature is not None:
        try:
            method.__signature__ = _signature(signature)  # type: ignore[attr-defined] # read by inspect
        except ValueError as error:  # a signature that Python here does not allow
            method.__doc__ = "%s\n\n(Its signature can't be shown: %s)" % (doc or "", error)
    if name == "__next__":
        return {name: method, "_take": _taking(number)}
    return {name: method}


def _method(number: int) -> "Callable[..., Any]":
    # Not "self": the object's method may take a keyword of that name.
    def method(__self: Proxy, *args: "Any", **kwargs: "Any") -> "Any":
        return __self._link.request(CALL, __self._number, number, args, kwargs)

    return method


def _changing_method(number: int) -> "Callable[..., Any]":
    """A method that changes a container, so that what was read ahead may be stale."""

    def method(__self: Proxy, *args: "Any", **kwargs: "Any") -> "Any":
        try:
            return __self._link.request(CALL, __self._number, number, args, kwargs)
        finally:
            __self._link.changes += 1

    return method


def _items(number: int) -> "Callable[..., Any]":
    def __iter__(self: Proxy) -> "Any":  # noqa: N807 - its name
        cursor, *chunk = self._link.request(CALL, self._number, number)
        return items(self._link, cursor, chunk)

    return __iter__


def _taking(number: int) -> "Callable[..., Any]":
    def take(self: Proxy, count: int) -> "Any":
        return self._link.request(CALL, self._number, number, (count,))

    return take


def _leaving(number: int) -> "Callable[..., Any]":
    def leave(self: Proxy, kind: "Any", error: "Any", trace: "Any") -> "Any":  # noqa: ARG001 - their form
        return self._link.request(CALL, self._number, number, () if error is None else (error,))

    return leave


def _awaiting(number: int) -> "Callable[..., Any]":  # noqa: ARG001 - made as the others are; the request names no member
    def __await__(self: Proxy) -> "Any":  # noqa: N807 - its name
        return (yield from self._link.awaited(self._number))  # keeps the proxy, and so the object, meanwhile

    return __await__


def _copying(number: int) -> "Callable[..., Any]":
    def __deepcopy__(self: Proxy, memo: "Any") -> "Any":  # noqa: N807, ARG001 - its name and form
        return self._link.request(CALL, self._number, number)

    return __deepcopy__


def _hashing(number: int) -> "Callable[..., Any]":
    def __hash__(self: Proxy) -> int:  # noqa: N807 - its name
        found = self._link.request(CALL, self._number, number)
        return found if type(found) is int else hash(found)

    return __hash__


def _bound(self: "Any", instance: "Any", owner: "Any" = None) -> "Any":  # noqa: ARG001 - the form of __get__
    """A function of the peer that stands in a class here is a method of its instances, as one of this side is."""
    return self if instance is None else MethodType(self, instance)


#: Operators whose form differs from that of their request.
_BUILT: "Dict[str, Callable[[int], Callable[..., Any]]]" = {
    "__exit__": _leaving,
    "__aexit__": _leaving,
    "__await__": _awaiting,
    "__deepcopy__": _copying,
    "__hash__": _hashing,
}


def _property(number: int, doc: "Optional[str]") -> property:
    def fget(self: Proxy) -> "Any":
        try:
            return self._link.request(GET, self._number, number)
        except AttributeError as error:
            self._link.attribute_errors[get_ident()] = error
            raise

    def fset(self: Proxy, value: "Any") -> None:
        self._link.request(SET, self._number, number, (value,))

    def fdel(self: Proxy) -> None:
        self._link.request(DELETE, self._number, number)

    return property(fget, fset, fdel, doc)


class _Text:
    """Stands for a default value or an annotation in a signature: its text, as it reads on the other side."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def _signature(told: "Sequence[Any]", bound: bool = True) -> "Any":
    """The signature that is told; of a method with `self` in front."""
    from inspect import Parameter, Signature

    kinds = (
        Parameter.POSITIONAL_ONLY,
        Parameter.POSITIONAL_OR_KEYWORD,
        Parameter.VAR_POSITIONAL,
        Parameter.KEYWORD_ONLY,
        Parameter.VAR_KEYWORD,
    )
    names = {parameter[0] for parameter in told}
    first = next(name for name in ("self", "_self", "__self", "___self") if name not in names)
    before_only = "self" in names or any(kind == 0 for _, kind, *_ in told)
    found = [Parameter(first, kinds[0 if before_only else 1])] if bound else []
    returns: Any = Signature.empty
    for name, kind, *texts in told:
        default, annotation = [Parameter.empty if text is None else _Text(text) for text in texts]
        if kind == RETURNS:
            returns = annotation
        else:
            found.append(Parameter(name, kinds[kind], default=default, annotation=annotation))
    return Signature(found, return_annotation=returns)
