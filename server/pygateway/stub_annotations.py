"""Annotations as text of a stub. What a reader elsewhere can resolve is kept; all else is Any.

An annotation is an object or a text; objects are taken by their `repr`, which every version of typing writes as Python
would have it, so that there is one way for all: parse it, and spell each name by what it names.
"""

import ast
import builtins
import sys

from .stub_names import ANY, MISSING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, List, Mapping

    from .stub_names import Names

    Resolve = Callable[[List[str]], Any]

#: Forms that say something of a name besides its type, which is their first parameter.
_WRAPPERS = ("Annotated", "ClassVar", "Final", "InitVar", "NotRequired", "ReadOnly", "Required")


class Annotations:
    """The annotations that stand in one scope: `scope` are the names of the module that has them."""

    def __init__(self, names: "Names", scope: "Mapping[str, Any]") -> None:
        self.names = names
        self._scope = scope

    def text(self, annotation: "Any") -> str:
        """The annotation as it stands in the stub."""
        if isinstance(annotation, str):
            return self._parsed(annotation, self._here)
        if isinstance(annotation, type) and getattr(annotation, "__origin__", None) is None:
            return self.names.bare(annotation)
        return "None" if annotation is None else self._parsed(repr(annotation), _anywhere)

    def node(self, node: ast.AST) -> str:
        """As `text`, for an annotation in the source."""
        return self._text(node, self._here)

    def named(self, node: ast.AST) -> "Any":
        """What a name in the source names, or MISSING."""
        path = _path(node)
        return self._here(path) if path else MISSING

    def _here(self, path: "List[str]") -> "Any":
        found = self._scope.get(path[0], getattr(builtins, path[0], MISSING))
        return _member(found, path[1:])

    def _parsed(self, text: str, resolve: "Resolve") -> str:
        try:
            return self._text(ast.parse(text.strip(), mode="eval").body, resolve)
        except (SyntaxError, ValueError, RecursionError):
            return ANY

    def _text(self, node: ast.AST, resolve: "Resolve") -> str:
        kind = type(node).__name__
        path = _path(node)
        if path:
            return "None" if path == ["NoneType"] else self.names.bare(resolve(path))
        if isinstance(node, ast.Subscript):
            return self._parameters(node, resolve)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return self._union(self._text(node.left, resolve), self._text(node.right, resolve))
        if isinstance(node, ast.List):
            return "[%s]" % ", ".join(self._text(each, resolve) for each in node.elts)
        if isinstance(node, ast.Call) and node.args and _path(node.func)[-1:] in (["ForwardRef"], ["_ForwardRef"]):
            node = node.args[0]
        literal = _literal(node)
        if literal is ... or kind == "Ellipsis":
            return "..."
        if literal is None:
            return "None"
        return self._parsed(literal, self._here) if isinstance(literal, str) else ANY

    def _union(self, *texts: str) -> str:
        return ANY if ANY in texts else " | ".join(texts)

    def _parameters(self, node: ast.Subscript, resolve: "Resolve") -> str:
        """A name with parameters behind it."""
        found, inner = resolve(_path(node.value) or [""]), _unwrapped(node.slice)
        name = self.names.spelled(found)
        short = name.rpartition(".")[2]
        items: List[ast.AST] = list(inner.elts) if isinstance(inner, ast.Tuple) else [inner]
        if short == "Literal":
            values = [_literal(each) for each in items]
            return ANY if MISSING in values else "%s[%s]" % (name, ", ".join(map(repr, values)))
        if short in _WRAPPERS:
            return self._text(items[0], resolve)
        if short in ("TypeGuard", "TypeIs"):
            return self.names.builtin("bool")
        if name == ANY or self.names.is_defined(found):
            return name
        texts = [self._text(each, resolve) for each in items]
        if short in ("Optional", "Union"):
            return self._union(*texts, *(["None"] if short == "Optional" else []))
        if short == "Callable" and not texts[0].startswith(("[", "...")):
            texts[0] = "..."
        return "%s[%s]" % (name, ", ".join(texts) or "()")


def _path(node: ast.AST) -> "List[str]":
    """The parts of a dotted name; nothing for anything else."""
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Attribute):
        before = _path(node.value)
        return [*before, node.attr] if before else []
    return []


def _anywhere(path: "List[str]") -> "Any":
    """What the full name of a loaded module's class names, or MISSING."""
    for end in range(len(path) - 1, 0, -1):
        module = sys.modules.get(".".join(path[:end]))
        if module is not None:
            return _member(module, path[end:])
    return _member(getattr(builtins, path[0], MISSING), path[1:])


def _member(found: "Any", path: "List[str]") -> "Any":
    for name in path:
        found = getattr(found, name, MISSING)
    return found


def _unwrapped(node: "Any") -> "Any":
    """The parameters of a subscript; before Python 3.9 they are in an Index."""
    return node.value if type(node).__name__ == "Index" else node


def _literal(node: "Any") -> "Any":
    """The value of a literal, or MISSING."""
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError):
        return MISSING
