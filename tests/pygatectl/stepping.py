"""Run a command of pygatectl, with a fault at one of its steps: `stepping.py FAULT STEP FOLDER WORD...`.

A step is whatever changes a file of FOLDER, waits for the disk, or starts or signals a process. The fault comes just
before it: `die` kills the command; `kill` and `stop` send SIGKILL and SIGSTOP to the server of the definition `lab`, as
it is recorded or as the command has just started it; `swap` kills it and lets another program listen on its port, whose
pid stands in the file FOLDER.foreign then. The file FOLDER.reached says that the step was reached.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pygatectl.cli import main
from pygatectl.paths import find_paths
from pygatectl.record import read_record
from pygatectl.registry import Registry

OF_FILES = {"os.rename", "os.remove", "os.mkdir", "os.chmod", "os.truncate"}
OF_PROCESSES = {"os.kill", "subprocess.Popen"}

LISTENER = """
import signal, socket, sys, time
with socket.socket() as sock:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    until = time.monotonic() + 10
    while True:
        try:
            sock.bind(("127.0.0.1", int(sys.argv[1])))
            break
        except OSError:
            if time.monotonic() > until:
                sys.exit("the port does not come free")
            time.sleep(0.001)
    sock.listen()
    print("listening", flush=True)
    signal.pause()
"""


class Fault:
    """Counts the steps, and does its harm before one of them."""

    def __init__(self, what: str, step: int, folder: str) -> None:
        self.harm: Callable[[], None] = getattr(self, what)
        self.step = step
        self.folder = folder
        self.count = 0

    def hook(self, event: str, args: tuple[Any, ...]) -> None:
        """An audit hook: told of what the interpreter is about to do."""
        if event == "open":
            if isinstance(args[0], (str, bytes)) and args[2] & (os.O_WRONLY | os.O_RDWR) and self.is_ours(args[0]):
                self.at_step()
        elif event in OF_FILES:
            if isinstance(args[0], int) or self.is_ours(args[0]):
                self.at_step()
        elif event in OF_PROCESSES:
            self.at_step()

    def is_ours(self, path: str | bytes) -> bool:
        return self.folder in os.fsdecode(path)

    def at_step(self) -> None:
        self.count += 1
        if self.count == self.step:
            Path(self.folder + ".reached").touch()
            self.harm()

    def die(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def kill(self) -> None:
        self.signal_servers(signal.SIGKILL)

    def stop(self) -> None:
        self.signal_servers(signal.SIGSTOP)

    def swap(self) -> None:
        self.kill()
        port = str(Registry().get("lab").port)
        command = [sys.executable, "-S", "-c", LISTENER, port]
        nothing = subprocess.DEVNULL
        other = subprocess.Popen(command, stdin=nothing, stdout=subprocess.PIPE, stderr=nothing, start_new_session=True)
        assert other.stdout is not None
        assert other.stdout.readline() == b"listening\n"
        Path(self.folder + ".foreign").write_text(str(other.pid))

    def signal_servers(self, number: int) -> None:
        """To the server that is recorded, and to what this command has started."""
        record = read_record(find_paths().record("lab"))
        found = {record.pid} if record is not None and record.identity.alive() else set()
        children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
        for pid in found | {int(pid) for pid in children}:
            os.kill(pid, number)


def run() -> int:
    what, step, folder, *words = sys.argv[1:]
    fault, fsync = Fault(what, int(step), folder), os.fsync

    def synced(descriptor: int) -> None:  # of which no audit hook is told
        fault.at_step()
        fsync(descriptor)

    os.fsync = synced
    sys.addaudithook(fault.hook)
    return main(words)


if __name__ == "__main__":
    sys.exit(run())
