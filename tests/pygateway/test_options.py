"""Command lines are understood alike without argparse and with it, and a server that is started needs none."""

from __future__ import annotations

import argparse
from typing import Any

import pytest

from pygateway import command, monitor_command
from pygateway.options import Plain

SERVER = [
    "55001",
    "0 --host ::1",
    "0 --host= --name=",
    "0 --class-path /a --class-path=/b --allow x. --preload m --preload n",
    "0 --nice=-5 --memory-limit 1000000 --open-files=64 --max-frame 65536 --max-objects=1",
    "0 --grace 0.5 --heartbeat-interval 0 --heartbeat-failure-timeout=3 --insecure --secrets-stdin",
    "--local /tmp/ü 0 --log-file a=b --tls-certificate c --tls-key k --passphrase-file f",
]
MONITOR = [
    "127.0.0.1 55001 --local /s",
    '--local /s h 1 --stay --tls --tls-ca a --tls-name n --on-failure ["a","b"] --secrets-stdin',
    "h 1 --grace 3 --local=/s --heartbeat-failure-retry 0 --server-local /t --timeout 2",
]
NOT_PLAIN = [
    "",
    "0 1",
    "-1",
    "65536",
    "0 --hos ::1",
    "0 --host",
    "0 --host --insecure",
    "0 --insecure=1",
    "0 --passphrase-file f --secrets-stdin",
    "0 --max-objects 0",
    "0 --grace soon",
    "0 --nice 1.5",
    "0 --nice -5",
    "0 --unknown",
    "0 -- --host",
    "-h",
    "0 --version",
]


def by_argparse(declare: Any, words: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser()
    declare(parser)
    return vars(parser.parse_args(words))


def plainly(declare: Any, words: list[str]) -> Any:
    plain = Plain()
    declare(plain)
    return plain.understand(words)


@pytest.mark.parametrize(
    ("declare", "line"),
    [(command.declare, line) for line in SERVER] + [(monitor_command.declare, line) for line in MONITOR],
)
def test_a_plain_command_line_means_what_argparse_says(declare: Any, line: str) -> None:
    words = line.split()
    assert vars(plainly(declare, words)) == by_argparse(declare, words)


@pytest.mark.parametrize("line", NOT_PLAIN)
def test_what_is_not_plain_is_left_to_argparse(line: str) -> None:
    assert plainly(command.declare, line.split()) is None


@pytest.mark.parametrize(
    "line", ["h 1", "h --local /s", "h 1 --local /s --stay --grace 1", "h 1 --local /s --on-failure a"]
)
def test_what_is_not_plain_for_a_monitor_is_left_to_argparse(line: str) -> None:
    assert plainly(monitor_command.declare, line.split()) is None


def test_a_server_that_is_started_imports_no_argparse(own_server: Any) -> None:
    with own_server.connect() as gateway:
        assert "argparse" not in gateway.get("sys.", "modules")
