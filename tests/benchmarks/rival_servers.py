"""`python rival_servers.py rpyc|pyro5|managers` serves Benched as its manual says, and prints its address."""

from __future__ import annotations

import resource
import sys

import benched


def serve_rpyc() -> None:
    """The classic service: whatever the client names, a thread for each connection."""
    from rpyc.core import SlaveService
    from rpyc.utils.server import ThreadedServer

    server = ThreadedServer(SlaveService, hostname="127.0.0.1", port=0, backlog=1024)
    thread = server._start_in_thread()  # returns when it listens, as start() can't tell
    print(server.port, flush=True)
    thread.join()


def serve_pyro5(servertype: str) -> None:
    """A daemon with a factory, whose results are objects of the daemon."""
    import Pyro5.api

    Pyro5.api.config.SERVERTYPE = servertype
    exposed = Pyro5.api.expose(benched.Benched)

    @Pyro5.api.expose
    class Factory:
        def make(self):  # type: ignore[no-untyped-def]
            made = exposed()
            self._pyroDaemon.register(made)  # type: ignore[attr-defined]
            return made

    daemon = Pyro5.api.Daemon(host="127.0.0.1")
    print(daemon.register(Factory(), "factory"), flush=True)
    daemon.requestLoop()


def serve_managers() -> None:
    """A manager that makes Benched for its clients."""
    from rival_managers import Manager

    server = Manager(("127.0.0.1", 0), authkey=b"benchmark").get_server()
    print(server.address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    {"rpyc": serve_rpyc, "pyro5": serve_pyro5, "managers": serve_managers}[sys.argv[1]](*sys.argv[2:])
