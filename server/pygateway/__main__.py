"""Starts the server: `python <path to pygateway> PORT ...`, under any CPython from 3.6.6.

This file is read by every Python, however old, so it keeps to what all of them parse, and looks at the version before
it imports anything else. The interpreter sees this package and none of its neighbours: it is loaded by place.
"""

import sys

if sys.version_info < (3, 6, 6):
    sys.stderr.write(
        "pygateway: Python 3.6.6 or later is needed to run a gateway server; %s is Python %s\n"
        % (sys.executable, ".".join(map(str, sys.version_info[:3])))
    )
    sys.exit(1)

import gc
import importlib.machinery
import os


class _OnlyThisPackage:
    """Finds pygateway in the folder that this file is in, and nothing else.

    A finder of the import system without its base class, whose module takes a third of a server's start to import.
    """

    def __init__(self, folder):  # type: ignore[no-untyped-def] # older Pythons must be able to parse this file
        self._parent = [os.path.dirname(folder)]

    def find_spec(self, name, path=None, target=None):  # type: ignore[no-untyped-def] # noqa: ARG002 - as importlib asks
        if name == "pygateway":
            return importlib.machinery.PathFinder.find_spec(name, self._parent)
        return None


def _run():  # type: ignore[no-untyped-def]
    folder = os.path.dirname(os.path.abspath(__file__))
    if not __package__:  # started by path: Python has put this folder in front of sys.path, with all its modules
        sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or os.curdir) != folder]
        sys.meta_path.insert(0, _OnlyThisPackage(folder))  # type: ignore[no-untyped-call]
    gc.disable()  # what is imported here is no garbage and never will be; to look at it, now or later, takes time
    if sys.argv[1:2] == ["monitor"]:
        from pygateway.monitor_command import main
    else:
        from pygateway.command import main

    if hasattr(gc, "freeze"):  # Python 3.7
        gc.freeze()
    gc.enable()
    return main()


if __name__ == "__main__":
    sys.exit(_run())  # type: ignore[no-untyped-call]
