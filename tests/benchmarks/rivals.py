"""The others, each with a server of its own."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from pathlib import Path

from contestant import Contestant, started
from rival_managers import Managers
from rival_pyro5 import Pyro
from rival_rpyc import Rpyc

SERVERS = Path(__file__).with_name("rival_servers.py")


def rivals(ends: ExitStack, payload: bytes) -> list[Contestant]:
    """RPyC, Pyro5 and multiprocessing.managers."""
    return [
        Rpyc(ends, int(_serve(ends, "rpyc")), payload),
        Pyro(ends, _serve(ends, "pyro5", "thread"), _serve(ends, "pyro5", "multiplex"), payload),
        Managers(ends, int(_serve(ends, "managers")), payload),
    ]


def _serve(ends: ExitStack, *words: str) -> str:
    environment = {**os.environ, "PYRO_SERIALIZER": "msgpack"}
    return started(ends, sys.executable, str(SERVERS), *words, env=environment)[-1]
