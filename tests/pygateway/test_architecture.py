"""What pygateway may import: nothing of pygatectl, nothing but the standard library, and always inwards."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import pygateway

PACKAGE = Path(pygateway.__file__).parent
SOURCES = {path.stem: path.read_text(encoding="utf-8") for path in PACKAGE.glob("*.py")}

#: The rings, from the inside out. A module imports from its own ring or from one further inside.
_INNER = [
    {
        "errors",
        "incoming",
        "frames",
        "turns",
        "references",
        "builtin_classes",
        "memory",
        "writer",
        "reader",
        "codec",
        "scram",
        "handshake",
        "heartbeat",
        "penalties",
    },
    {
        "deadlines",
        "iteration",
        "operators",
        "local_class",
        "error_classes",
        "description",
        "failures",
        "proxy",
        "coroutines",
    },
    {"waiting", "stream", "objects", "link"},
]
_OUTERMOST = {"command", "monitor_command", "__init__", "__main__"}
RINGS = [*_INNER, set(SOURCES) - set().union(*_INNER, _OUTERMOST), _OUTERMOST]
NO_IO = RINGS[0] | {"description", "operators"}
IO = {"socket", "threading", "selectors", "select", "asyncio", "subprocess", "signal", "ssl", "multiprocessing"}


def is_for_type_checkers(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def statements(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those that are for type checkers alone."""
    for child in ast.iter_child_nodes(tree):
        if not is_for_type_checkers(child):
            yield child
            yield from statements(child)


def imported(source: str) -> tuple[set[str], set[str]]:
    """The names of the modules of this package that a module imports, and those of the others' top packages."""
    ours, others = set(), set()
    for node in statements(ast.parse(source)):
        if isinstance(node, ast.Import):
            others.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names = {alias.name for alias in node.names}
            if node.level and node.module:
                ours.add(node.module)
            elif node.level:
                ours.update(name if name in SOURCES else "__init__" for name in names)
            elif node.module == "pygateway" or (node.module or "").startswith("pygateway."):
                ours.add((node.module or "").rpartition(".")[2])
            else:
                others.add((node.module or "").partition(".")[0])
    return ours, others


every_module = pytest.mark.parametrize("module", sorted(SOURCES))


@every_module
def test_nothing_but_the_standard_library_is_imported(module: str) -> None:
    assert imported(SOURCES[module])[1] <= sys.stdlib_module_names


@every_module
def test_pygatectl_is_never_imported(module: str) -> None:
    ours, others = imported(SOURCES[module])
    assert "pygatectl" not in ours | others
    assert "import pygatectl" not in SOURCES[module]


@pytest.mark.parametrize("module", sorted(NO_IO))
def test_the_innermost_ring_does_no_io(module: str) -> None:
    assert not imported(SOURCES[module])[1] & IO


def test_the_inner_rings_are_all_there() -> None:
    assert set().union(*_INNER, _OUTERMOST) <= set(SOURCES)


@every_module
def test_imports_point_inwards(module: str) -> None:
    position = next(number for number, ring in enumerate(RINGS) if module in ring)
    inside = set().union(*RINGS[: position + 1], {"__init__"})
    assert imported(SOURCES[module])[0] <= inside


def test_no_module_runs_text_from_the_wire() -> None:
    for module, source in SOURCES.items():
        assert not imported(source)[1] & {"pickle", "marshal", "shelve", "dill"}, module
        calls = {
            node.func.id
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert not calls & {"eval", "exec", "compile"}, module


def test_importing_the_package_loads_none_of_its_modules() -> None:
    code = "import sys, pygateway; print(sorted(name for name in sys.modules if name.startswith('pygateway.')))"
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE.parent)}
    printed = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert printed.stdout.strip() == "[]"


def test_the_public_names_are_all_there() -> None:
    assert all(getattr(pygateway, name) is not None for name in pygateway.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        pygateway.nonsense  # noqa: B018 - the reading is what is tested
