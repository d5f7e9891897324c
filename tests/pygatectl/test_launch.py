"""The plan of a start is a pure function of definition, paths, server folder and environment."""

from __future__ import annotations

import sys
from pathlib import Path

from pygatectl.definition import Definition
from pygatectl.launch import make_plan
from pygatectl.paths import Paths

PATHS = Paths(Path("/etc/gateways.toml"), Path("/var/lib/gateways"))


def definition(**settings: object) -> Definition:
    return Definition.make("lab", {"port": 5000, **settings})


def test_the_least_definition_runs_this_programs_interpreter_on_loopback() -> None:
    plan = make_plan(definition(), PATHS, "/lib/pygateway", {})
    local = ["--local", "/var/lib/gateways/run/lab.sock"]
    assert list(plan.argv) == [
        *(sys.executable, "/lib/pygateway", "5000", "--host", "127.0.0.1"),
        *local,
        *("--output", "/var/lib/gateways/logs/lab.out", "--activity", "/var/lib/gateways/activity", "--name", "lab"),
        "--secrets-stdin",
    ]
    assert plan.cwd == "/var/lib/gateways"
    assert plan.output == Path("/var/lib/gateways/logs/lab.out")


def test_every_setting_has_its_place_in_the_command_line() -> None:
    plan = make_plan(
        definition(
            host="::1",
            log_file="/var/log/lab.log",
            python="/opt/py38/bin/python",
            python_options=["-O", "-Xdev"],
            class_path=["/code/a.py", "/code/pkg.b.py"],
            insecure=True,
            cwd="/srv",
        ),
        PATHS,
        "/lib/pygateway",
        {},
    )
    assert plan.command == (
        "/opt/py38/bin/python -O -Xdev /lib/pygateway 5000 --host ::1 --log-file /var/log/lab.log "
        "--local /var/lib/gateways/run/lab.sock --class-path /code/a.py --class-path /code/pkg.b.py "
        "--output /var/lib/gateways/logs/lab.out --activity /var/lib/gateways/activity --name lab "
        "--insecure --secrets-stdin"
    )
    assert plan.cwd == "/srv"


def test_the_definitions_environment_is_put_over_ours_and_what_is_not_the_servers_is_left_out() -> None:
    ours = {
        "PATH": "/bin",
        "TZ": "CET",
        "PYGATECTL_PASSPHRASE": "x",
        "PYTHONHOME": "/a",
        "__PYVENV_LAUNCHER__": "/b",
    }
    plan = make_plan(definition(env={"TZ": "UTC"}), PATHS, "/lib/pygateway", ours)
    assert plan.env == {"PATH": "/bin", "TZ": "UTC"}


def test_a_socket_whose_path_would_be_too_long_is_left_out() -> None:
    paths = Paths(PATHS.registry, Path("/" + "x" * 100))
    plan = make_plan(definition(), paths, "/lib/pygateway", {})
    assert plan.local is None
    assert "--local" not in plan.argv
