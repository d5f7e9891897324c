"""A proxy is the object: each program does the same through proxies as on the objects themselves.

The objects themselves are those of the server's interpreter, which runs the program too, in the same process: what
differs between versions of Python differs in neither run.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from pprint import pformat
from types import FunctionType
from typing import Any

import pytest
from outcome import outcome
from worlds import Proxies

from pygateway import Gateway

MODULES = sorted(path.stem for path in Path(__file__).parent.glob("programs/*.py") if path.stem != "__init__")


def programs() -> list[Any]:
    """Each program of each module as (module, function)."""
    found = []
    for name in MODULES:
        module = import_module("programs." + name)
        for function in vars(module).values():
            mine = isinstance(function, FunctionType) and function.__module__ == module.__name__
            if mine and not function.__name__.startswith("_"):
                found.append(pytest.param(name, function, id=f"{name}-{function.__name__}"))
    return found


@pytest.mark.parametrize(("module", "program"), programs())
def test_a_proxy_is_the_object(
    gateway: Gateway, folders: Callable[[], str], module: str, program: Callable[[Any], Any]
) -> None:
    skip_where_it_cant_run(gateway, program)
    on_objects = gateway.invoke("worlds.", "run_on_objects", module, program.__name__, folders())
    assert lines(outcome(program, Proxies(folders(), gateway))) == lines(on_objects)


def lines(outcome: Any) -> str:
    """An outcome as lines, so that what differs stands alone."""
    return pformat(outcome, width=100)


def skip_where_it_cant_run(gateway: Gateway, program: Callable[[Any], Any]) -> None:
    version = tuple(map(int, gateway.server["python"].split(".")[:2]))
    oldest = getattr(program, "since", (3, 6))
    if version < oldest:
        pytest.skip("needs Python %d.%d" % oldest)
    module = getattr(program, "needs", None)
    if module and gateway.invoke("importlib.util.", "find_spec", module) is None:
        pytest.skip(f"that interpreter has no {module}")
