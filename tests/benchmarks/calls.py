"""The gateway connection beside plain sockets and beside others that do the same, in one run, interleaved."""

from __future__ import annotations

import gc
import os
import resource
import tempfile
from contextlib import ExitStack
from pathlib import Path

from ours import ours
from plain import SIZE, Plain
from rivals import rivals
from rows import measure
from table import show


def run(title: str) -> None:
    """Measure and print the table."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    payload = os.urandom(SIZE)
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory()))
        plain = Plain(ends, payload)
        others = [*ours(ends, folder, payload), *rivals(ends, payload)]
        gc.collect()
        gc.freeze()
        show(title, plain, others, measure(plain, others))
