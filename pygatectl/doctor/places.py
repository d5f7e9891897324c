"""Files, folders, hosts and ports."""

from __future__ import annotations

import os
import socket
import ssl
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from pygatectl import ports
from pygatectl.activity import Journal, Wanted
from pygatectl.definition import RULES, Definition, is_loopback
from pygatectl.doctor.finding import ERROR, WARNING, Check, Finding, RegistryCheck
from pygatectl.record import Record, read_record
from pygatectl.registry import Registry
from pygatectl.server import port_owner

AHEAD = 120.0
"""Seconds by which a time may lie in the future."""
KNOWN = {*RULES, "type"}


def recorded(registry: Registry, definition: Definition) -> Record | None:
    """The record of the server that runs now."""
    record = read_record(registry.paths.record(definition.name))
    ours = record is not None and record.registry == str(registry.paths.registry) and record.identity.alive()
    return record if ours else None


def _unknown_keys(registry: Registry) -> Iterator[Finding]:
    for name, keys in registry.keys().items():
        for key in keys:
            if key not in KNOWN:
                what = f"the registry has a key {key!r} that is no field, so it has no effect"
                yield Finding(name, "unknown key", WARNING, what, f"correct or remove it in {registry.paths.registry}")


def _folders(registry: Registry) -> Iterator[Finding]:
    for meaning, folder in (("registry", registry.paths.registry.parent), ("state", registry.paths.state)):
        if reason := not_writable(folder):
            what = f"the folder of the {meaning}, {folder}, can't be written to: {reason}"
            yield Finding(None, "folder", ERROR, what, f"give it to this user, or set PYGATECTL_{_variable(meaning)}")


def _variable(meaning: str) -> str:
    return "REGISTRY" if meaning == "registry" else "STATE_DIR"


def not_writable(folder: Path) -> str | None:
    """Why nothing can be written in a folder, or in the nearest one above that is there; None if it can."""
    there = next(one for one in (folder, *folder.parents) if one.exists())
    try:
        with tempfile.TemporaryFile(dir=there) as file:
            file.write(b"x" * 4096)
            file.flush()
    except OSError as error:
        return error.strerror or str(error)
    return None


def _clock(registry: Registry) -> Iterator[Finding]:
    now = time.time()
    times = [entry.when.timestamp() for entry in Journal(registry.paths).read(Wanted())]
    for path in registry.paths.run.glob("*.pid"):
        record = read_record(path)
        times += [record.started] if record is not None else []
    latest = max(times, default=0.0)
    if latest > now + AHEAD:
        what = f"something was recorded {latest - now:.0f} s ahead of the clock: it was set back, or was wrong then"
        yield Finding(None, "clock", WARNING, what, "check the time of this machine: date; timedatectl status")


def _host(registry: Registry, definition: Definition) -> Iterator[Finding]:
    try:
        addresses = socket.getaddrinfo(definition.host, definition.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        what = f"the host name {definition.host!r} can't be resolved: {error}"
        yield Finding(definition.name, "host", ERROR, what, f"pygatectl edit {definition.name} --host ADDRESS")
        return
    found = {str(address[0]) for *_, address in addresses}
    record = recorded(registry, definition)
    listens = _listening(record) if record is not None else set()
    elsewhere = listens - found - {"0.0.0.0", "::"}  # noqa: S104 - as the system tells it
    if elsewhere and definition.host not in ("0.0.0.0", "::"):  # noqa: S104
        what = f"{definition.host} means {', '.join(sorted(found))}, and the server listens on {', '.join(elsewhere)}"
        yield Finding(definition.name, "host", ERROR, what, f"pygatectl restart {definition.name}")
    protected = is_loopback(definition.host) or definition.use_passphrase or definition.insecure
    if not protected and ports.is_local(definition.host):
        what = f"a server on {definition.host}, which others can reach, is refused at its start without a passphrase"
        yield Finding(definition.name, "host", ERROR, what, f"pygatectl edit {definition.name} --use-passphrase")


def _listening(record: Record) -> set[str]:
    """The addresses on which a server listens."""
    import psutil

    try:
        sockets = psutil.Process(record.pid).net_connections("tcp")
    except psutil.Error:
        return set()
    return {one.laddr.ip for one in sockets if one.status == psutil.CONN_LISTEN and one.laddr.port == record.port}


def shared_ports(definitions: Sequence[Definition]) -> Iterator[Finding]:
    """The ports that several of all definitions have."""
    having: dict[int, list[str]] = {}
    for one in definitions:
        having.setdefault(one.port, []).append(one.name)
    for one in definitions:
        if others := [name for name in having[one.port] if name != one.name]:
            what = f"port {one.port} is also that of {', '.join(others)}; they can't run at the same time"
            yield Finding(one.name, "port", WARNING, what, f"pygatectl edit {one.name} --port auto")


def _port(registry: Registry, definition: Definition) -> Iterator[Finding]:
    here = ports.is_local(definition.host) and recorded(registry, definition) is None
    if here and ports.in_use(definition.host, definition.port):
        owner = port_owner(registry.paths, definition)
        what = f"port {definition.port} is held by {owner}"
        yield Finding(
            definition.name, "port", ERROR, what, f"stop that, or: pygatectl edit {definition.name} --port auto"
        )


def _log_file(_: Registry, definition: Definition) -> Iterator[Finding]:
    if definition.log_file is None or not ports.is_local(definition.host):
        return
    path = Path(definition.log_file)
    fix = f"pygatectl edit {definition.name} --log-file PATH"
    if not path.parent.is_dir():
        yield Finding(definition.name, "log file", ERROR, f"the folder of the log file, {path.parent}, is missing", fix)
    elif path.is_dir():
        yield Finding(definition.name, "log file", ERROR, f"the log file {path} is a folder", fix)
    elif (path.exists() and not os.access(path, os.W_OK)) or (not path.exists() and not_writable(path.parent)):
        yield Finding(definition.name, "log file", ERROR, f"the log file {path} can't be written to", fix)


def _working_folder(_: Registry, definition: Definition) -> Iterator[Finding]:
    if definition.cwd and ports.is_local(definition.host) and not Path(definition.cwd).is_dir():
        what = f"the working directory {definition.cwd} is missing"
        yield Finding(definition.name, "cwd", ERROR, what, f"pygatectl edit {definition.name} --cwd DIR")


def _secrets(registry: Registry, definition: Definition) -> Iterator[Finding]:
    stored = registry.passphrases.file(definition.name)
    if definition.use_passphrase and not stored.exists():
        what = "it uses a passphrase, and none is stored"
        yield Finding(definition.name, "passphrase", ERROR, what, f"pygatectl passphrase set {definition.name}")
    for meaning, path in (("passphrase", stored), ("TLS key", Path(definition.tls_key or ""))):
        if sys.platform != "win32" and path.is_file() and path.stat().st_mode & 0o077:
            what = f"the {meaning} in {path} can be read by others"
            repair = partial(path.chmod, 0o600)
            yield Finding(definition.name, "permissions", ERROR, what, f"chmod 600 {path}", repair)


def _tls(_: Registry, definition: Definition) -> Iterator[Finding]:
    if not definition.use_tls:
        return
    name, local = definition.name, ports.is_local(definition.host)
    if local and not definition.tls_certificate:
        what = "it is to speak TLS, and has no certificate"
        yield Finding(name, "TLS", ERROR, what, f"pygatectl edit {name} --tls-certificate PATH --tls-key PATH")
    try:
        if definition.tls_ca:
            ssl.create_default_context(cafile=definition.tls_ca)
        if local and definition.tls_certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(definition.tls_certificate, definition.tls_key, password=lambda: "")
    except OSError as error:  # ssl.SSLError is one
        what = f"a file of its TLS settings can't be used: {error}"
        yield Finding(
            name, "TLS", ERROR, what, f"pygatectl edit {name} --tls-certificate PATH --tls-key PATH --tls-ca PATH"
        )


REGISTRY_CHECKS: tuple[RegistryCheck, ...] = (_folders, _unknown_keys, _clock)
PLACE_CHECKS: tuple[Check, ...] = (_host, _port, _log_file, _working_folder, _secrets, _tls)
