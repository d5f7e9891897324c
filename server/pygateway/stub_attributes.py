"""The attributes that a class gives to its instances, which nothing but its source tells."""

import ast

from .stub_names import ANY, MISSING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType
    from typing import Dict, Optional, Set, Tuple, Union

    from .stub_annotations import Annotations

    Function = Union[ast.FunctionDef, ast.AsyncFunctionDef]

_DISPLAYS = {
    "List": list, "ListComp": list, "Set": set, "SetComp": set, "Dict": dict, "DictComp": dict, "Tuple": tuple,
    "JoinedStr": str,
}  # fmt: skip
_CONSTANTS = (bool, int, float, complex, str, bytes)


def source_tree(module: "ModuleType") -> ast.AST:
    """The source of a module, parsed; of one without source, an empty one."""
    import inspect

    try:
        return ast.parse(inspect.getsource(module))
    except (OSError, TypeError, SyntaxError):
        return ast.parse("")


def stored_names(tree: ast.AST) -> "Set[str]":
    """All names of attributes that the source assigns to."""
    return {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)}


def instance_attributes(tree: ast.AST, of: type, annotations: "Annotations") -> "Dict[str, str]":
    """The attributes that methods of a class assign to, each with its type; Any where that differs."""
    found: Dict[str, str] = {}
    for name, text in _assignments(_definition(tree, of.__qualname__.split(".")), annotations):
        found[name] = text if found.get(name, text) == text else ANY
    return found


def _definition(tree: ast.AST, path: "list[str]") -> ast.AST:
    """The definition of a class by its qualified name; where there is none, something without methods."""
    for name in path:
        found = [each for each in _statements(tree) if isinstance(each, ast.ClassDef) and each.name == name]
        tree = found[-1] if found else ast.Pass()
    return tree


def _statements(tree: ast.AST) -> "Iterator[ast.AST]":
    """The statements of a body, also those under conditions, but not those within definitions."""
    for child in ast.iter_child_nodes(tree):
        yield child
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield from _statements(child)


def _assignments(definition: ast.AST, annotations: "Annotations") -> "Iterator[Tuple[str, str]]":
    for function in _statements(definition):
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) and function.args.args:
            own = function.args.args[0].arg
            for statement in ast.walk(function):
                for target, text in _targets(statement, function, annotations):
                    if isinstance(target, ast.Attribute) and getattr(target.value, "id", None) == own:
                        yield target.attr, text


def _targets(node: ast.AST, function: "Function", annotations: "Annotations") -> "Iterator[Tuple[ast.AST, str]]":
    """What a statement assigns to, and the type that it gives."""
    if isinstance(node, ast.AnnAssign):
        yield node.target, annotations.node(node.annotation)
    elif isinstance(node, ast.AugAssign):
        yield node.target, _type(node.value, function, annotations)
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, (ast.Tuple, ast.List)):
                for each in target.elts:
                    yield each, ANY
            else:
                yield target, _type(node.value, function, annotations)


def _type(node: ast.AST, function: "Function", annotations: "Annotations") -> str:
    """The type of an expression, as far as it can be seen."""
    display = _DISPLAYS.get(type(node).__name__)
    if display is not None:
        return annotations.names.bare(display)
    if isinstance(node, ast.Call):
        called = annotations.named(node.func)
        return annotations.names.bare(called) if isinstance(called, type) else ANY
    if isinstance(node, ast.Name):
        annotation = _annotation(function.args, node.id)
        return ANY if annotation is None else annotations.node(annotation)
    try:
        kind = type(ast.literal_eval(node))
    except (ValueError, TypeError):
        return ANY
    return annotations.names.bare(kind) if kind in _CONSTANTS else ANY


def _annotation(arguments: ast.arguments, name: str) -> "Optional[ast.AST]":
    """The annotation of a parameter, unless None is its default too."""
    defaults = dict(zip([each.arg for each in arguments.args[::-1]], arguments.defaults[::-1]))
    defaults.update({each.arg: value for each, value in zip(arguments.kwonlyargs, arguments.kw_defaults) if value})
    for each in (*arguments.args, *arguments.kwonlyargs):
        if each.arg == name:
            default = defaults.get(name)
            return each.annotation if default is None or not _is_none(default) else None
    return None


def _is_none(node: ast.AST) -> bool:
    return getattr(node, "value", MISSING) is None
