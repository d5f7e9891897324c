"""The monitor's command line: `python pygateway monitor HOST PORT --local PATH`."""

import json
import signal
import sys

from .command import add_heartbeat, add_secrets, parse_port, parse_seconds, read_secrets
from .dialling import Dialler
from .errors import ConnectError, GatewayError
from .monitor import Monitor, Settings
from .options import understand, unfit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List

#: Exit statuses: no server answers; the server answers, but does not take this monitor, or it can't listen.
NO_SERVER, FAILED = 3, 1


DESCRIPTION = (
    "A Gateway Monitor: owns one gateway connection to a server, and shares it with the processes that connect to its "
    "local socket."
)


def declare(made: "Any") -> None:
    """Add the monitor's options to a parser."""
    made.add_argument("host", metavar="HOST", help="the server's address")
    made.add_argument("port", type=parse_port, metavar="PORT", help="the server's TCP port")
    made.add_argument("--local", required=True, metavar="PATH", help="the local socket to listen on")
    made.add_argument("--server-local", metavar="PATH", help="reach the server by its local socket")
    made.add_argument(
        "--timeout", type=parse_seconds, default=5.0, metavar="SECONDS", help="for connecting to the server"
    )
    ends = made.add_mutually_exclusive_group()
    ends.add_argument(
        "--grace", type=parse_seconds, default=10.0, metavar="SECONDS", help="end after so long without a client"
    )
    ends.add_argument("--stay", action="store_true", help="do not end for want of clients")
    made.add_argument("--tls", action="store_true", help="the server speaks TLS; check it by the system's authorities")
    made.add_argument("--tls-ca", metavar="FILE", help="the server speaks TLS; check it by this authority")
    made.add_argument("--tls-name", metavar="NAME", help="the name that its certificate must have (default: HOST)")
    add_heartbeat(made)
    beats = made.add_argument_group("a server that fails")
    beats.add_argument(
        "--heartbeat-failure-retry",
        type=parse_seconds,
        default=300.0,
        metavar="SECONDS",
        help="at most so long between two attempts to get it back; 0: try once (default: %(default)g)",
    )
    beats.add_argument(
        "--on-failure",
        type=_parse_command,
        metavar="JSON",
        help="a JSON array of words: the command that gets it back. Exit status 0: it may be back, 1: it is failing "
        "still; any other ends the monitor, as its failure does without a command",
    )
    add_secrets(made)


def _parse_command(text: str) -> "List[str]":
    try:
        words = json.loads(text)
    except ValueError:
        words = None
    if type(words) is not list or not words or not all(type(word) is str for word in words):
        raise unfit("a command is a JSON array of words, not %r" % text)
    return words


def _settings(options: "Any") -> Settings:
    return Settings(
        None if options.stay else options.grace,
        options.heartbeat_interval,
        options.heartbeat_failure_timeout,
        options.heartbeat_failure_retry,
        options.on_failure,
    )


def main() -> int:
    """Run the monitor; the exit status: 0 after its end, NO_SERVER or FAILED, 2 for wrong usage."""
    options = understand(declare, sys.argv[2:], prog="pygateway monitor", description=DESCRIPTION)
    try:
        secrets = read_secrets(options)
        if secrets is None:
            return FAILED  # whoever began to start this monitor is gone
        dialler = Dialler(
            options.host,
            options.port,
            secrets["passphrase"],
            local=options.server_local,
            timeout=options.timeout,
            tls=options.tls_ca or options.tls,
            tls_name=options.tls_name,
            heartbeat=(options.heartbeat_interval, options.heartbeat_failure_timeout),
        )
        monitor = Monitor(dialler, options.local, _settings(options))
    except (GatewayError, OSError) as error:
        print("pygateway monitor: %s" % error, file=sys.stderr)
        return NO_SERVER if isinstance(error, ConnectError) else FAILED
    monitor.heed_signals()
    signal.signal(signal.SIGTERM, monitor.stop)
    signal.signal(signal.SIGINT, monitor.stop)
    if sys.platform != "win32":
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # it survives the shell that started it
    print("pygateway monitor of %s listening on %s" % (dialler.where(), options.local), flush=True)
    print("pygateway monitor: ended, %s" % monitor.serve(), flush=True)
    return 0
