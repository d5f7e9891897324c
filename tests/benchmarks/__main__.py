"""`make bench`: every figure as a ratio to something plain, measured in the same run, interleaved.

Calls are measured twice where the system allows it: as it places the processes, and with all of them on one core. In
the first, waking a process on another core can cost more than all that either of them does, so the ratios say little of
the work; in the second they say nothing else.
"""

import os
import platform
import subprocess
import sys
from importlib.metadata import version

import calls
import operations
import shared
import startup

ON_ONE_CORE = "--calls-on-one-core"


def main() -> None:
    if sys.argv[1:] == [ON_ONE_CORE]:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        calls.run("calls, all processes on one core")
        shared.show("calls, all processes on one core")
        return
    print(f"CPython {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores", end="")
    print(f"; RPyC {version('rpyc')}, Pyro5 {version('Pyro5')} with msgpack {version('msgpack')}")
    calls.run("calls")
    shared.show("calls")
    if hasattr(os, "sched_setaffinity"):
        subprocess.run([sys.executable, *sys.argv, ON_ONE_CORE], check=True)
    print("\ncommands: medians, and as a multiple of a two-command Typer program")
    for name, median, ratio in startup.rows():
        print(f"  {name:34} {median:9.1f} ms  {ratio:5.2f}", flush=True)
    operations.show()


if __name__ == "__main__":
    main()
