"""The interpreter, and what it is to import: asked of it as a server would run it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pygatectl import interpreter, ports
from pygatectl.definition import Definition
from pygatectl.doctor.finding import ERROR, WARNING, Check, Finding
from pygatectl.errors import PygatectlError
from pygatectl.launch import find_server, interpreter_of, plan_start
from pygatectl.registry import Registry

TIMEOUT = 30.0
"""Seconds that the imports of one definition may take."""

PROGRAM = r"""
import importlib, json, os, site, sys
asked = json.loads(sys.argv[1])
sys.path[0:1] = []
sys.path.insert(0, asked["server"])
from pygateway.classpath import ClassPath
sys.path.remove(asked["server"])
told = {"paths": [], "modules": []}
def attempt(name):
    try:
        importlib.import_module(name)
    except BaseException as error:
        return "%s: %s" % (type(error).__name__, error)
known = ClassPath()
for path in asked["paths"]:
    error = name = None
    try:
        name = known.add(path)
        if not os.path.isdir(path):
            error = attempt(name)
    except Exception as wrong:
        error = str(wrong)
    told["paths"].append([path, name, error])
for name in asked["modules"]:
    told["modules"].append([name, attempt(name)])
user = site.getusersitepackages() if hasattr(site, "getusersitepackages") else ""
told["user_site"] = user
told["from_user_site"] = sorted(set(
    name.partition(".")[0] for name, module in list(sys.modules.items())
    if site.ENABLE_USER_SITE and user and str(getattr(module, "__file__", None) or "").startswith(user + os.sep)
))
sys.__stdout__.write("\n" + json.dumps(told))
sys.__stdout__.flush()
os._exit(0)
"""


def _interpreter(registry: Registry, definition: Definition) -> Iterator[Finding]:
    if not ports.is_local(definition.host):
        return
    try:
        interpreter.check(interpreter_of(definition), plan_start(definition, registry.paths).env)
    except PygatectlError as error:
        fix = f"pygatectl edit {definition.name} --python PATH"
        yield Finding(definition.name, "interpreter", ERROR, str(error), fix)


def _class_path(registry: Registry, definition: Definition) -> Iterator[Finding]:
    if not ports.is_local(definition.host):
        return
    name, python = definition.name, interpreter_of(definition)
    for path in definition.class_path:
        dotted = [part for part in Path(path).parent.parts if "." in part.strip(".")]
        if dotted and "." in Path(path).stem:
            what = f"the class path {path} is ambiguous: dots in it stand for packages, and its folder has dots, too"
            yield Finding(name, "class path", WARNING, what, f"rename the folder {dotted[-1]!r}, without dots")
        file, module_file = Path(path), Path(path).parent / (Path(path).stem.replace(".", os.sep) + ".py")
        if file != module_file and file.exists() and module_file.exists():
            what = (
                f"the class path {path} is ambiguous: it means {module_file}, and a file of its own name is there, too"
            )
            yield Finding(name, "class path", WARNING, what, f"rename or remove {path}")
    told = _told(registry, definition)
    if told is None:
        return
    if isinstance(told, str):
        what = f"the imports of its class path could not be tried: {told}"
        yield Finding(name, "imports", ERROR, what, f"pygatectl show {name} --command shows what a start runs")
        return
    for path, module, error in told["paths"]:
        if error is not None:
            what = f"the class path {path} can't be used: {error}" if module is None else f"{module} ({path}): {error}"
            fix = f"pygatectl edit {name} --class-path PATH" if module is None else f"correct {path}"
            yield Finding(name, "class path" if module is None else "imports", ERROR, what, fix)
    for module, error in told["modules"]:
        if error is not None:
            what = f"the start-up import of {module} fails: {error}"
            yield Finding(name, "imports", ERROR, what, f"install it for {python}, or edit --preload")
    if told["from_user_site"]:
        what = (
            f"{', '.join(told['from_user_site'])} comes from this user's own site-packages, {told['user_site']}, "
            "which other users do not have"
        )
        fix = f"install it for {python}, or see what it is without: pygatectl edit {name} --python-option=-s"
        yield Finding(name, "user site", WARNING, what, fix)


def _environment(_: Registry, definition: Definition) -> Iterator[Finding]:
    if os.environ.get("PYTHONPATH") and "PYTHONPATH" not in definition.env and ports.is_local(definition.host):
        what = "PYTHONPATH of this shell goes to the server; started from another shell, it lacks what is found there"
        fix = f'pygatectl edit {definition.name} --env "PYTHONPATH=$PYTHONPATH", or unset it here'
        yield Finding(definition.name, "environment", WARNING, what, fix)


def _told(registry: Registry, definition: Definition) -> dict[str, Any] | str | None:
    """What the definition's interpreter says of all imports; why it says nothing; None if there is nothing to ask."""
    if not definition.class_path and not definition.preload:
        return None
    plan = plan_start(definition, registry.paths)
    try:
        interpreter.check(interpreter_of(definition), plan.env)
    except PygatectlError:
        return None  # the check of the interpreter tells it
    paths, modules = list(definition.class_path), list(definition.preload)
    asked = json.dumps({"server": str(Path(find_server()).parent), "paths": paths, "modules": modules})
    command = [interpreter_of(definition), *definition.python_options, "-c", PROGRAM, asked]
    try:
        ran = subprocess.run(
            command,
            env=dict(plan.env),
            cwd=plan.cwd if Path(plan.cwd).is_dir() else None,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
        )
        told: dict[str, Any] = json.loads(ran.stdout.rpartition(b"\n")[2])
    except subprocess.TimeoutExpired:
        return f"they take more than {TIMEOUT:g} s"
    except (OSError, ValueError) as error:
        return f"{interpreter_of(definition)} did not answer: {error}"
    return told


CODE_CHECKS: tuple[Check, ...] = (_interpreter, _environment, _class_path)
