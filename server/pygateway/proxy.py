"""Proxies: stand-ins with the members of the peer's objects, made from what the peer tells of their classes."""

from threading import get_ident

from .description import METHOD
from .errors import GatewayError, NotReachable
from .frames import CALL, DELETE, GET, NAMED, SET
from .operators import OPERATORS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Dict, List, Optional, Tuple

    from .link import Link


class Proxy:
    """The base of all proxies. What begins with an underscore is the proxy's own; all else is the object's."""

    __slots__ = ("__weakref__", "_link", "_number")

    _link: "Link"
    _number: int
    #: Numbers of the properties by name, and of all members; each proxy class has its own.
    _properties: "Dict[str, int]" = {}  # noqa: RUF012 - replaced by each subclass, changed by none
    _names: "Tuple[str, ...]" = ()

    def __getattr__(self, name: str) -> "Any":
        if name.startswith("_"):
            raise NotReachable("%r object has no reachable attribute %r" % (type(self).__name__, name))
        if name in self._properties:  # its getter raised AttributeError, and Python came here
            raise self._link.attribute_errors.pop(get_ident())
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

    def __dir__(self) -> "List[str]":
        names = self._link.request(CALL, self._number, self._names.index("__dir__"))
        found = self._link.value_of(names) if isinstance(names, Proxy) else names
        return [name for name in found if not name.startswith("_") or name in OPERATORS]

    def __repr__(self) -> str:
        try:
            return str(self._link.request(CALL, self._number, self._names.index("__repr__")))
        except GatewayError as error:
            return "<proxy of a %s.%s: %s>" % (type(self).__module__, type(self).__name__, error)

    def __reduce_ex__(self, protocol: "Any") -> "Any":
        raise TypeError("a proxy can't be pickled or copied: it is of use in this process only, while it is connected")


_set_link = Proxy.__dict__["_link"].__set__
_set_number = Proxy.__dict__["_number"].__set__
#: Operators whose method stands in Proxy itself.
_OWN = frozenset(("__repr__", "__dir__"))


def make(kind: "type[Proxy]", link: "Link", number: int) -> Proxy:
    """A proxy for the peer's object `number`."""
    proxy = kind.__new__(kind)
    _set_link(proxy, link)
    _set_number(proxy, number)
    return proxy


def proxy_class(told: "Dict[str, Any]") -> "type[Proxy]":
    """The class of the proxies for one class of the peer, from what the peer tells of it."""
    names = tuple(member[0] for member in told["members"])
    namespace: Dict[str, Any] = {
        "__slots__": (),
        "__module__": told["module"],
        "__qualname__": told["qualname"],
        "__doc__": told["doc"],
        "_names": names,
        "_properties": {m[0]: number for number, m in enumerate(told["members"]) if m[1] != METHOD},
    }
    if not told["hashable"]:
        namespace["__hash__"] = None
    for number, (name, kind, doc, signature) in enumerate(told["members"]):
        if name in _OWN:
            continue
        if name == "__exit__":
            namespace[name] = _exit(number)
        elif kind == METHOD:
            namespace[name] = _method(number, name, told["qualname"], doc, signature)
        else:
            namespace[name] = _property(number, doc)
    if "__eq__" in namespace and told["hashable"]:
        namespace.setdefault("__hash__", Proxy.__hash__)
    return type(told["name"], (Proxy,), namespace)


def _method(
    number: int, name: str, qualname: str, doc: "Optional[str]", signature: "Optional[List[Any]]"
) -> "Callable[..., Any]":
    def method(self: Proxy, *args: "Any", **kwargs: "Any") -> "Any":
        return self._link.request(CALL, self._number, number, args, kwargs)

    method.member = number  # type: ignore[attr-defined] # read by Batch
    method.__name__ = name
    method.__qualname__ = "%s.%s" % (qualname, name)
    method.__doc__ = doc
    if signature is not None:
        method.__signature__ = _signature(signature)  # type: ignore[attr-defined] # read by inspect
    return method


def _exit(number: int) -> "Callable[..., Any]":
    def __exit__(self: Proxy, kind: "Any", error: "Any", trace: "Any") -> "Any":  # noqa: N807, ARG001 - its name and form
        from .failures import told

        return self._link.request(CALL, self._number, number, () if error is None else (told(error),))

    return __exit__


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


class _Default:
    """Stands for a default value in a signature: its text, as it reads on the other side."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def _signature(told: "List[Any]") -> "Any":
    from inspect import Parameter, Signature

    kinds = (
        Parameter.POSITIONAL_ONLY,
        Parameter.POSITIONAL_OR_KEYWORD,
        Parameter.VAR_POSITIONAL,
        Parameter.KEYWORD_ONLY,
        Parameter.VAR_KEYWORD,
    )
    found = [Parameter("self", Parameter.POSITIONAL_ONLY)]
    for name, kind, default in told:
        value = Parameter.empty if default is None else _Default(default)
        found.append(Parameter(name, kinds[kind], default=value))
    return Signature(found)
