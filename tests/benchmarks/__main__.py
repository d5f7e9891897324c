"""`make bench`: every figure as a ratio to something plain, measured in the same run, interleaved.

Calls are measured twice where the system allows it: as it places the processes, and with all of them on one core. In
the first, waking a process on another core can cost more than all that either of them does, so the ratios say little of
the work; in the second they say nothing else.
"""

import os
import platform
import subprocess
import sys

import calls
import startup


def table(title: str, unit: str, rows: list[tuple[str, float, float]]) -> None:
    print(f"\n{title}")
    for name, median, ratio in rows:
        print(f"  {name:34} {median:9.1f} {unit}  {ratio:5.2f}", flush=True)


def main() -> None:
    if sys.argv[1:] == ["--calls-on-one-core"]:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        table("calls on one core: medians, and as a multiple of the raw TCP echo", "us", calls.rows())
        return
    print(f"CPython {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores")
    table("calls: medians, and as a multiple of the raw TCP echo", "us", calls.rows())
    if hasattr(os, "sched_setaffinity"):
        subprocess.run([sys.executable, *sys.argv, "--calls-on-one-core"], check=True)
    table("commands: medians, and as a multiple of a two-command Typer program", "ms", startup.rows())


if __name__ == "__main__":
    main()
