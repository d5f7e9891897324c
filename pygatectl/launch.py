"""The plan of a start, computed purely: the command line, environment and folder of a server."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pygatectl.definition import DEFAULTS, Definition
from pygatectl.errors import PygatectlError
from pygatectl.passphrase import VARIABLE
from pygatectl.paths import Paths

HIDDEN_VARIABLES = (
    VARIABLE,  # a secret for this program, not for what it starts
    "PYTHONHOME",  # describes another interpreter than the server's
    "__PYVENV_LAUNCHER__",  # the same, on macOS
)


@dataclass(frozen=True)
class Plan:
    """How a server will be started. No secret is in it: those go through a pipe."""

    argv: tuple[str, ...]
    env: Mapping[str, str]
    cwd: str
    output: Path
    local: Path | None

    @property
    def command(self) -> str:
        """The command line as a shell takes it."""
        return shlex.join(self.argv) if os.name == "posix" else subprocess.list2cmdline(self.argv)


def interpreter_of(definition: Definition) -> str:
    """The interpreter that runs the server: the definition's, else the one that runs this program."""
    return definition.python or sys.executable


def make_plan(definition: Definition, paths: Paths, server: str, environ: Mapping[str, str]) -> Plan:
    """The plan of starting this definition with the server package in the folder `server`."""
    local = paths.socket(definition.name)
    argv = [interpreter_of(definition), *definition.python_options, server, str(definition.port)]
    argv += ["--host", definition.host]
    if definition.log_file:
        argv += ["--log-file", definition.log_file]
    if local:
        argv += ["--local", str(local)]
    for path in definition.class_path:
        argv += ["--class-path", path]
    for module in definition.preload:
        argv += ["--preload", module]
    limits = ("memory_limit", "open_files", "nice", "max_connections", "max_objects", "max_threads", "max_frame")
    for limit in limits:
        if (value := getattr(definition, limit)) is not None:
            argv.append(f"--{limit.replace('_', '-')}={value}")
    if definition.use_tls and definition.tls_certificate:
        argv += ["--tls-certificate", definition.tls_certificate]
        if definition.tls_key:
            argv += ["--tls-key", definition.tls_key]
    argv += [
        "--output",
        str(paths.output(definition.name)),
        "--activity",
        str(paths.activity),
        "--name",
        definition.name,
    ]
    for entry in definition.allow:
        argv += ["--allow", entry]
    argv += heartbeat_options(definition)
    if definition.insecure:
        argv.append("--insecure")
    argv.append("--secrets-stdin")
    env = {name: value for name, value in environ.items() if name not in HIDDEN_VARIABLES}
    return Plan(
        argv=tuple(argv),
        env={**env, **definition.env},
        cwd=definition.cwd or str(paths.state),
        output=paths.output(definition.name),
        local=local,
    )


def heartbeat_options(definition: Definition) -> list[str]:
    """When a peer that does not answer has vanished, as options of servers and monitors; none for the defaults."""
    fields = ("heartbeat_interval", "heartbeat_failure_timeout")
    given = [(field, getattr(definition, field)) for field in fields]
    return [f"--{field.replace('_', '-')}={value}" for field, value in given if value != DEFAULTS[field]]


def find_server() -> str:
    """The folder of the server package, found without importing it."""
    from importlib.util import find_spec

    spec = find_spec("pygateway")
    if spec is None or spec.origin is None:
        raise PygatectlError("the package pygateway is missing; install pygatectl again")
    return os.path.dirname(os.path.abspath(spec.origin))  # noqa: PTH100, PTH120 - stays text for the command


def plan_start(definition: Definition, paths: Paths) -> Plan:
    """The plan for this machine, environment and installation."""
    return make_plan(definition, paths, find_server(), os.environ)
