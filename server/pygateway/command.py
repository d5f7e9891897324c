"""The server's command line: `python pygateway PORT [options]`."""

import json
import os
import signal
import sys

from . import __version__, output
from .activity import Activity
from .errors import ClassPathError, StartError
from .forking import watch_forks
from .limits import add_host_limits, limits_of
from .options import understand, unfit
from .preparing import add_limits, limit
from .rotation import Rotation
from .server import Server
from .stream import HEARTBEAT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Optional

EPILOG = """\
examples:
  python pygateway 55001
  python pygateway 0 --class-path /srv/app/PersonDemo.py     (0: a port that is free, printed)
  python pygateway 55001 --host 0.0.0.0 --passphrase-file /run/secrets/gateway

Stop it with SIGTERM or Ctrl-C: running calls may end for --grace seconds.
"""


DESCRIPTION = "An External Python Server: other programs use its Python objects through proxies."


def declare(made: "Any") -> None:
    """Add the server's options to a parser."""
    made.add_argument("port", type=parse_port, metavar="PORT", help="the TCP port to listen on, 0 for any that is free")
    made.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
    made.add_argument("--local", metavar="PATH", help="listen on a local socket of this path, too")
    made.add_argument("--log-file", metavar="FILE", help="write connections and mapping errors to this file")
    made.add_argument(
        "--class-path",
        action="append",
        default=[],
        metavar="PATH",
        help="a module's path to begin with; may be repeated",
    )
    made.add_argument(
        "--preload",
        action="append",
        default=[],
        metavar="MODULE",
        help="import this module before listening; may be repeated",
    )
    add_limits(made)
    add_secrets(made)
    add_heartbeat(made)
    made.add_argument(
        "--allow",
        action="append",
        default=[],
        metavar="NAME",
        help="let hosts name this class, MODULE. or MODULE.* and no other; may be repeated",
    )
    made.add_argument(
        "--output", metavar="FILE", help="the file that its output goes to, which is set aside when it is too large"
    )
    made.add_argument("--activity", metavar="FOLDER", help="record refused connections in the day's file there")
    made.add_argument("--name", default="", help="the name of its definition, for the activity")
    made.add_argument("--tls-certificate", metavar="FILE", help="speak TLS on TCP, with this certificate (PEM)")
    made.add_argument("--tls-key", metavar="FILE", help="the certificate's key, where it is in a file of its own")
    add_host_limits(made)
    made.add_argument("--insecure", action="store_true", help="listen beyond this machine without a passphrase")
    made.add_argument(
        "--grace",
        type=parse_seconds,
        default=5.0,
        metavar="SECONDS",
        help="how long running calls may last after a stop",
    )
    made.add_argument("--version", action="version", version="pygateway %s" % __version__)


def add_heartbeat(made: "Any") -> None:
    """The options that say when the peer is asked for a sign of life, and when it has vanished."""
    made.add_argument(
        "--heartbeat-interval",
        type=parse_seconds,
        default=HEARTBEAT[0],
        metavar="SECONDS",
        help="ask a silent peer so often whether it lives; 0: never (default: %(default)g)",
    )
    made.add_argument(
        "--heartbeat-failure-timeout",
        type=parse_seconds,
        default=HEARTBEAT[1],
        metavar="SECONDS",
        help="it has vanished when it did not answer for so long; 0: it may take any time (default: %(default)g)",
    )


def add_secrets(made: "Any") -> None:
    """The options that say where the passphrase comes from; `read_secrets` reads what they say."""
    secrets = made.add_mutually_exclusive_group()
    secrets.add_argument(
        "--passphrase-file", metavar="FILE", help="ask for the passphrase in this file ('-': standard input)"
    )
    secrets.add_argument(
        "--secrets-stdin",
        action="store_true",
        help="read a line of JSON, {passphrase, instance}, from standard input",
    )


def main() -> int:
    """Run the server; the exit status: 0 after a stop, 1 if it could not start, 2 for wrong usage."""
    options = understand(declare, sys.argv[1:], prog="pygateway", description=DESCRIPTION, epilog=EPILOG)
    try:
        secrets = read_secrets(options)
        if secrets is None:
            return 1  # whoever began to start this server is gone
        limit(options)
        server = Server(
            options.host,
            options.port,
            local=options.local,
            passphrase=secrets["passphrase"],
            instance=secrets["instance"],
            log_file=options.log_file,
            insecure=options.insecure,
            class_path=options.class_path,
            preload=options.preload,
            allow=options.allow,
            limits=limits_of(options),
            rotation=Rotation(options.output, options.log_file),
            activity=Activity(options.activity, options.name, options.host, options.port) if options.activity else None,
            tls=None if options.tls_certificate is None else (options.tls_certificate, options.tls_key),
            heartbeat=(options.heartbeat_interval, options.heartbeat_failure_timeout),
        )
    except (StartError, ClassPathError) as error:
        print("pygateway: %s" % error, file=sys.stderr)
        return 1
    output.stand_in()
    watch_forks()
    server.handle_signals(signal.SIG_IGN if options.secrets_stdin else server.stop)
    for address in server.addresses:
        print("pygateway %s listening on %s port %d" % (__version__, address[0], address[1]), flush=True)
    server.serve(options.grace)
    return 0


def read_secrets(options: "Any") -> "Optional[Dict[str, Optional[str]]]":
    """The passphrase and the instance secret; None if standard input ended before they came. Raises StartError."""
    if options.secrets_stdin:
        line = sys.stdin.readline()
        _leave_stdin()
        if not line.endswith("\n"):
            return None
        try:
            given = json.loads(line)
            secrets = {"passphrase": given["passphrase"], "instance": given["instance"]}
        except (ValueError, KeyError, TypeError):
            secrets = {"": 0}
        if not all(secret is None or type(secret) is str for secret in secrets.values()):
            raise StartError("--secrets-stdin: the line is not the JSON object that it should be")
        return secrets
    if options.passphrase_file is None:
        return {"passphrase": None, "instance": None}
    try:
        if options.passphrase_file == "-":  # noqa: S105 - the name of a file
            text = sys.stdin.readline()
        else:
            with open(options.passphrase_file, encoding="utf-8") as file:
                text = file.readline()
    except (OSError, UnicodeDecodeError) as error:
        raise StartError("the passphrase file can't be read: %s" % error) from None
    return {"passphrase": text.rstrip("\r\n"), "instance": None}


def _leave_stdin() -> None:
    """Let objects that read standard input find its end, not whatever opens under its number next."""
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    if null:
        os.close(null)


def parse_port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise unfit("a port is a number from 1 to 65535, or 0 for any; not %r" % text)
    return int(text)


def parse_seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 86400:
        raise unfit("a time is a number of seconds from 0 to 86400, not %r" % text)
    return seconds
