"""One class as the text of a stub: its bases and all of its members that can be reached through a proxy."""

import functools
import inspect
import keyword
import sys
from enum import EnumMeta

from .operators import OPERATORS
from .stub_annotations import Annotations
from .stub_attributes import instance_attributes
from .stub_names import ANY, Names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import ModuleType
    from typing import Any, Dict, List, Optional, Tuple

#: Operators of object itself, of which a stub says nothing.
_OF_ALL = {"__repr__", "__str__", "__format__", "__dir__", "__copy__", "__deepcopy__", "__length_hint__"}
_OF_ALL |= {"__hash__", "__instancecheck__", "__subclasscheck__"}
_TOLD = (set(OPERATORS) - _OF_ALL) | {"__init__", "__getattr__", "__setattr__"}
#: What is returned where no annotation says it.
_RETURNS = {"__init__": "None", "__setattr__": "None", "__len__": "int", "__bool__": "bool", "__contains__": "bool"}
#: Words that are keywords where stubs are read, if not here.
_KEYWORDS = {*keyword.kwlist, "async", "await"}
_EMPTY = inspect.Parameter.empty
#: annotationlib.Format.STRING, of Python 3.14.
_AS_TEXT = 4


class ClassStub:
    """One class as it stands in a stub."""

    def __init__(self, of: type, module: "ModuleType", source: "Any", names: Names) -> None:
        self._of = of
        self._module = module
        self._source = source
        self._names = names
        self._annotations = Annotations(names, {**vars(module), **_nested(of)})
        self._parts, self._bases = self._lineage()
        self._is_enum = isinstance(of, EnumMeta)

    def lines(self) -> "List[str]":
        """The definition of the class."""
        bases = "(%s)" % ", ".join(self._bases) if self._bases else ""
        body = [*_doc(self._of.__dict__.get("__doc__"), self._of.__name__ + "("), *self._members()]
        return [
            "class %s%s:" % (self._of.__name__, bases),
            *("    " + line if line else "" for line in body or ["..."]),
        ]

    def _lineage(self) -> "Tuple[List[type], List[str]]":
        """The classes whose members are told as its own, and the bases that it is told to have.

        A base that its module can't name, such as what `namedtuple` made, is told as part of the class.
        """
        parts, bases = [self._of], []
        for part in parts:
            for base in part.__bases__:
                name = self._names.bare(base)
                if name == ANY and base.__module__ == self._of.__module__:
                    parts.append(base)
                elif base is not object and name.rpartition(".")[2] != "Generic" and name not in bases:
                    bases.append(name)
        fields = getattr(self._of, "_fields", None)
        if bases == [self._names.bare(tuple)] and fields:
            types = _field_types(self._of)
            bases = ["%s[%s]" % (self._names.spelled(tuple), ", ".join(self._type(types.get(each)) for each in fields))]
        return parts, bases

    # Members.

    def _members(self) -> "Iterator[str]":
        annotated = {name: each for part in self._parts[::-1] for name, each in own_annotations(part).items()}
        given = instance_attributes(self._source, self._of, self._annotations)
        values = {name: value for part in self._parts[::-1] for name, value in vars(part).items()}
        enumerated = getattr(self._of, "__members__", {}) if self._is_enum else {}
        for name in dict.fromkeys([*enumerated, *annotated, *values]):
            if self._is_told(name, values):
                yield from self._member(name, values.get(name), annotated.get(name), given.get(name, ANY))
        inherited = {name for base in self._of.__mro__ if base not in self._parts for name in vars(base)}
        for name, text in given.items():
            if _is_public(name) and name not in values and name not in annotated and name not in inherited:
                yield "%s: %s" % (name, text)

    def _is_told(self, name: str, values: "Dict[str, Any]") -> bool:
        if name == "__hash__":
            return values.get(name, name) is None
        if name == "__new__":
            return "__init__" not in values and not self._is_enum
        return _is_public(name) or (name in _TOLD and not (self._is_enum and name == "__init__"))

    def _member(self, name: str, value: "Any", annotation: "Any", given: str) -> "Iterable[str]":
        if name == "__hash__":
            return ["__hash__: %s[None]" % self._names.of_library("typing", "ClassVar")]
        if self._is_enum and name in getattr(self._of, "__members__", ()):
            return ["%s = %s" % (name, _constant(getattr(self._of, name).value))]
        if isinstance(value, type) and value.__qualname__ == self._of.__qualname__ + "." + name:
            return ["", *ClassStub(value, self._module, self._source, self._names).lines(), ""]
        if name in getattr(self._of, "_fields", ()) and issubclass(self._of, tuple):
            return self._read_only(name, self._type(_field_types(self._of).get(name)))
        if isinstance(value, property):
            return self._property(name, value)
        if _is_method(value) and annotation is None:
            return self._method(name, value)
        if "InitVar" in str(annotation):
            return []
        text = self._attribute(value, given) if annotation is None else self._annotations.text(annotation)
        if annotation is not None and getattr(getattr(self._of, "__dataclass_params__", None), "frozen", False):
            return self._read_only(name, text)
        return ["%s: %s" % (name, text)]

    def _attribute(self, value: "Any", given: str) -> str:
        """The type of a class attribute, from its value; of a descriptor, from what the instance is given."""
        if value is None:
            return ANY
        if hasattr(type(value), "__get__"):
            cached = getattr(value, "func", None)  # of a functools.cached_property
            return given if cached is None else self._signature(cached, None)[1]
        return self._names.bare(type(value))

    def _read_only(self, name: str, text: str) -> "List[str]":
        return ["@" + self._names.builtin("property"), "def %s(self) -> %s: ..." % (name, text)]

    def _property(self, name: str, value: property) -> "List[str]":
        lines = []
        text = self._signature(value.fget, None)[1] if value.fget else ANY
        lines += self._read_only(name, text)[:1] + _function("def %s(self) -> %s:" % (name, text), value.__doc__)
        if value.fset:
            lines += ["@%s.setter" % name, "def %s(self, value: %s) -> None: ..." % (name, self._set_type(value.fset))]
        if value.fdel:
            lines += ["@%s.deleter" % name, "def %s(self) -> None: ..." % name]
        return lines

    def _set_type(self, setter: "Any") -> str:
        try:
            _, value = _signature_of(setter).parameters.values()
        except (ValueError, TypeError):
            return ANY
        return ANY if value.annotation is _EMPTY else self._scoped(setter).text(value.annotation)

    def _method(self, name: str, value: "Any") -> "List[str]":
        lines, first = [], "self"
        function = value
        if name == "__new__":
            function, first = getattr(value, "__func__", value), "cls"
        elif isinstance(value, (classmethod, staticmethod)):
            kind = "classmethod" if isinstance(value, classmethod) else "staticmethod"
            lines.append("@" + self._names.builtin(kind))
            function, first = value.__func__, "cls" if kind == "classmethod" else ""
        elif isinstance(value, functools.partialmethod):
            function = getattr(self._of, name)
        parameters, returns = self._signature(function, first, _RETURNS.get(name))
        begun = "async def" if inspect.iscoroutinefunction(_innermost(function)) else "def"
        doc = None if name == "__new__" else getattr(value, "func", function).__doc__
        return [*lines, *_function("%s %s(%s) -> %s:" % (begun, name, parameters, returns), doc)]

    # Types.

    def _scoped(self, function: "Any") -> Annotations:
        """The annotations of a function, in the scope of the module that it was written in."""
        scope = getattr(_innermost(function), "__globals__", vars(self._module))
        return self._annotations if scope is vars(self._module) else Annotations(self._names, scope)

    def _type(self, annotation: "Any") -> str:
        return ANY if annotation is None else self._annotations.text(annotation)

    def _signature(
        self, function: "Any", first: "Optional[str]", otherwise: "Optional[str]" = None
    ) -> "Tuple[str, str]":
        """The parameters, whose first is told as `first`, and the type that is returned."""
        try:
            found = _signature_of(function)
            told = list(found.parameters.values())
        except (ValueError, TypeError):
            anything = "*args: %s, **kwargs: %s" % (ANY, ANY)
            return ", ".join(filter(None, [first, anything])), otherwise or ANY
        if first and told and told[0].kind in (told[0].POSITIONAL_ONLY, told[0].POSITIONAL_OR_KEYWORD):
            told = told[1:]
        annotations = self._scoped(function)
        texts = [("_" + first if any(each.name == first for each in told) else first)] if first else []
        texts += _parameters(told, annotations)
        return ", ".join(texts), self._returned(function, found.return_annotation, annotations, otherwise)

    def _returned(
        self, function: "Any", annotation: "Any", annotations: Annotations, otherwise: "Optional[str]"
    ) -> str:
        inner = _innermost(function)
        if inner is not function and getattr(function, "__globals__", {}).get("__name__") == "contextlib":
            is_async = inspect.isasyncgenfunction(inner)
            return (
                self._names.of_library(
                    "contextlib", "AbstractAsyncContextManager" if is_async else "AbstractContextManager"
                )
                + "[Any]"
            )
        if annotation is not inspect.Signature.empty:
            return otherwise if otherwise == "None" and annotation is None else annotations.text(annotation)
        if inspect.isgeneratorfunction(function):
            return self._names.of_library("collections.abc", "Generator") + "[Any, Any, Any]"
        if inspect.isasyncgenfunction(function):
            return self._names.of_library("collections.abc", "AsyncGenerator") + "[Any, Any]"
        return self._names.builtin(otherwise) if otherwise and otherwise != "None" else otherwise or ANY


# What a class and a function tell of themselves, in every version of Python.


def own_annotations(of: type) -> "Dict[str, Any]":
    """The annotations in the body of a class."""
    if sys.version_info >= (3, 14):  # there they are computed; as text, so that a name that is not there is no error
        return inspect.get_annotations(of, format=_AS_TEXT)
    found = of.__dict__.get("__annotations__")  # noqa: RUF063 - what it names is not there
    return found if isinstance(found, dict) else {}


def _signature_of(function: "Any") -> inspect.Signature:
    """Raises ValueError or TypeError where there is none to be had."""
    if sys.version_info >= (3, 14):
        return inspect.signature(function, annotation_format=_AS_TEXT)
    return inspect.signature(function)


def _innermost(function: "Any") -> "Any":
    """The function as it was written, within its decorators."""
    try:
        return inspect.unwrap(function)
    except ValueError:
        return function


def _nested(of: type) -> "Dict[str, Any]":
    """The classes that are defined in the body of a class."""
    return {name: value for name, value in vars(of).items() if isinstance(value, type)}


def _field_types(of: type) -> "Dict[str, Any]":
    """The annotations of the fields of a named tuple."""
    found: Dict[str, Any] = {}
    for part in of.__mro__[::-1]:
        found.update(own_annotations(part))
    return found


def _is_public(name: "Any") -> bool:
    return isinstance(name, str) and name.isidentifier() and not name.startswith("_") and name not in _KEYWORDS


def _is_method(value: "Any") -> bool:
    if isinstance(value, (classmethod, staticmethod, functools.partialmethod)) or hasattr(value, "dispatcher"):
        return True
    return callable(value) and hasattr(type(value), "__get__") and not isinstance(value, type)


# Text.


def _parameters(told: "List[inspect.Parameter]", annotations: Annotations) -> "Iterator[str]":
    """Parameters as they stand in a definition, with the marks between their kinds."""
    before, starred = None, False
    for each in told:
        if before is each.POSITIONAL_ONLY and each.kind is not before:
            yield "/"
        if each.kind is each.KEYWORD_ONLY and not starred:
            yield "*"
        starred = starred or each.kind in (each.VAR_POSITIONAL, each.KEYWORD_ONLY)
        before = each.kind
        yield _parameter(each, annotations)
    if before is inspect.Parameter.POSITIONAL_ONLY:
        yield "/"


def _parameter(each: inspect.Parameter, annotations: Annotations) -> str:
    stars = "*" if each.kind is each.VAR_POSITIONAL else "**" if each.kind is each.VAR_KEYWORD else ""
    text = ANY if each.annotation is _EMPTY else annotations.text(each.annotation)
    if each.default is None and text != ANY and "None" not in text:
        text += " | None"
    return "%s%s: %s%s" % (stars, each.name, text, "" if each.default is _EMPTY else " = ...")


def _function(head: str, doc: "Any") -> "List[str]":
    lines = list(_doc(doc))
    return [head, *("    " + line for line in lines)] if lines else [head + " ..."]


def _doc(doc: "Any", made: str = "\n") -> "Iterator[str]":
    """The first line of a docstring, unless it is what a dataclass or a named tuple made: the class as it is called."""
    text = doc.strip().partition("\n")[0].strip() if isinstance(doc, str) else ""
    if text and not text.startswith(made):
        yield '"""%s"""' % text.replace("\\", "\\\\").replace('"', '\\"')


def _constant(value: "Any") -> str:
    """The value of a member of an enum, where a literal can tell it."""
    return repr(value) if type(value) in (int, str, bool, bytes) else "..."
