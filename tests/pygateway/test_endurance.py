"""Short forms of `make fuzz` and `make soak`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "endurance"


@pytest.mark.parametrize(("program", "size"), [("fuzz.py", 3000), ("soak.py", 10_000)])
def test_a_short_run_leaves_the_server_as_it_was(program: str, size: int) -> None:
    ran = subprocess.run(
        [sys.executable, str(FOLDER / program), str(size)], capture_output=True, text=True, timeout=150, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert "server after:" in ran.stdout
