"""Servers with an allow list, and what hosts try against it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pygateway import Gateway, GatewayError, NotAllowed
from pygateway.allowing import AllowList

Start = Callable[..., Any]


def fenced(start_server: Start, hosted: Path, *entries: str) -> Gateway:
    """A connection to a server whose allow list has these entries, and whose class path has one module."""
    options = [word for entry in entries for word in ("--allow", entry)]
    server = start_server("--class-path", hosted / "fenced.py", *options)
    return Gateway.connect("127.0.0.1", server.port)


def test_what_is_on_the_list_can_be_used(start_server: Start, hosted: Path) -> None:
    with fenced(start_server, hosted, "fenced.Fenced", "collections.deque", "math.", "operator.") as gateway:
        assert gateway.invoke("operator.", "add", 2, 3) == 5
        made = gateway.new("fenced.Fenced")
        assert made.value() == "fenced"
        assert made.inner.value() == "inner"
        assert list(made.a_deque()) == [1, 2]
        assert made.own_class()().value() == "fenced"
        assert gateway.invoke("math.", "sqrt", 9) == 3
        assert gateway.get("math.", "pi") > 3
        assert list(gateway.new("collections.deque", "ab")) == ["a", "b"]
        assert gateway.ping()["objects"] >= 1


def test_a_wildcard_is_what_the_module_defines(start_server: Start, hosted: Path) -> None:
    with fenced(start_server, hosted, "fenced.*") as gateway:
        assert gateway.new("fenced.Fenced.Nested").value() == "nested"
        assert gateway.invoke("fenced.", "given") == "given"
        assert gateway.get("fenced.", "ANSWER") == 42


NAMES: list[Any] = [
    *("os.system", "os.", "builtins.eval", "builtins.", "subprocess.Popen", "fenced.os.system", "fenced.deque"),
    *("fenced.system", "fenced.Fenced.os.system", "fenced.Fenced.maker", "fenced.Fenced.run", "fenced.os."),
    *("Fenced", "fenced", "", ".", "..", "fenced..Fenced", ".fenced.Fenced", "fenced.Fenced ", " fenced.Fenced"),
    *("fenced.Fenced\0", "\uff46enced.Fenced", "fenced.Fenced.__init__", "fenced.__builtins__", "fenced.__dict__."),
    *("fenced.*", "*", "sys.modules", "importlib.import_module", "collections.abc.sys", "__main__.", None, 5, ["a"]),
]


@pytest.mark.parametrize("entry", ["fenced.Fenced", "fenced.*"])
def test_what_is_not_on_the_list_can_not_be_named(start_server: Start, hosted: Path, entry: str) -> None:
    with fenced(start_server, hosted, entry) as gateway:
        for name in NAMES:
            for attempt in (
                lambda name=name: gateway.new(name, "true"),
                lambda name=name: gateway.invoke(name, "system", "true"),
                lambda name=name: gateway.get(name, "path"),
                lambda name=name: gateway.set(name, "path", 1),
            ):
                with pytest.raises((GatewayError, AttributeError)):
                    attempt()


@pytest.mark.parametrize("entry", ["fenced.Fenced", "fenced.*"])
def test_an_object_gives_out_no_modules_and_no_other_classes_or_functions(
    start_server: Start, hosted: Path, entry: str
) -> None:
    made = fenced(start_server, hosted, entry).new("fenced.Fenced")
    for attempt in (
        lambda: made.os,
        lambda: made.maker,
        made.a_module,
        made.a_class,
        lambda: list(made.modules),
        lambda: made.modules[0],
        lambda: made.modules.pop(),
    ):
        with pytest.raises(NotAllowed, match="not on the allow list"):
            attempt()
    assert made.run("true") == 0  # a static method of a class on the list is the class's own


def test_a_module_gives_out_only_what_it_defines(start_server: Start, hosted: Path) -> None:
    with fenced(start_server, hosted, "fenced.*") as gateway:
        for name in ("os", "deque", "system", "sys"):
            with pytest.raises(NotAllowed):
                gateway.get("fenced.", name)
            with pytest.raises(NotAllowed):
                gateway.invoke("fenced.", name, "true")
        for name in ("module", "function"):
            with pytest.raises(NotAllowed):
                gateway.invoke("fenced.", name)


def test_the_class_path_is_the_definitions_alone(start_server: Start, hosted: Path, tmp_path: Path) -> None:
    (tmp_path / "fenced.py").write_text("raise SystemExit('loaded')\n")
    gateway = fenced(start_server, hosted, "fenced.*")
    gateway.add_to_class_path(hosted / "fenced.py")
    for path in (tmp_path / "fenced.py", tmp_path, hosted, hosted / "people.py"):
        with pytest.raises(NotAllowed, match="class_path"):
            gateway.add_to_class_path(path)


def test_a_module_that_is_not_on_the_list_is_not_even_imported(
    start_server: Start, hosted: Path, tmp_path: Path
) -> None:
    mark = tmp_path / "imported"
    (tmp_path / "marking.py").write_text(f"open({str(mark)!r}, 'w').close()\n")
    options = ["--class-path", tmp_path, "--class-path", hosted / "fenced.py", "--allow", "fenced.*"]
    with Gateway.connect("127.0.0.1", start_server(*options).port) as gateway:
        for name in ("marking.", "marking.Thing", "fenced.marking.", "fenced..marking"):
            with pytest.raises(GatewayError):
                gateway.new(name)
    assert not mark.exists()


@pytest.mark.parametrize("entry", ["", "name", "a b.C", "a.*.b", "*", ".*", "a..b", "a.b*", "."])
def test_an_entry_that_can_not_be_one_is_refused(entry: str) -> None:
    with pytest.raises(ValueError, match="no entry of an allow list"):
        AllowList([entry])


def test_a_server_with_such_an_entry_does_not_start(package: Path) -> None:
    ran = subprocess.run(
        [sys.executable, str(package), "0", "--allow", "os"], capture_output=True, text=True, timeout=30
    )
    assert ran.returncode == 1
    assert "'os' is no entry of an allow list" in ran.stderr
