"""`pygatectl doctor`: what is wrong with definitions, their servers and what those need, and how to put it right.

Each check is a function that yields findings; a finding says what is wrong, and what helps, mostly a command. What is
safe to put right by itself has a `repair`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pygatectl.doctor.code import CODE_CHECKS
from pygatectl.doctor.finding import ERROR, WARNING, Check, Finding
from pygatectl.doctor.places import PLACE_CHECKS, REGISTRY_CHECKS, shared_ports
from pygatectl.doctor.remains import REMAINS_CHECKS, REMAINS_OF_NONE
from pygatectl.errors import PygatectlError
from pygatectl.registry import Registry

__all__ = ["ERROR", "WARNING", "Finding", "examine", "repair"]

CHECKS: tuple[Check, ...] = (*PLACE_CHECKS, *CODE_CHECKS, *REMAINS_CHECKS)


def examine(registry: Registry, names: Sequence[str]) -> list[Finding]:
    """All findings about these gateways; without names, about all and about the registry itself.

    Raises `UnknownGateway`, `BrokenRegistry`.
    """
    return list(_findings(registry, names))


def _findings(registry: Registry, names: Sequence[str]) -> Iterator[Finding]:
    chosen = set(registry.select(list(names)) if names else registry.names())
    definitions, errors = registry.read()
    for error in errors:
        if not names or error.gateway in chosen:
            fix = f"pygatectl edit {error.gateway} --editor, or correct it in {registry.paths.registry}"
            yield Finding(error.gateway, "definition", ERROR, f"the definition is not valid: {error}", fix)
    if not names:
        for registry_check in (*REGISTRY_CHECKS, *REMAINS_OF_NONE):
            yield from registry_check(registry)
    yield from (one for one in shared_ports(definitions) if one.gateway in chosen)
    for definition in definitions:
        if definition.name in chosen:
            for check in CHECKS:
                yield from check(registry, definition)


def repair(findings: Sequence[Finding]) -> tuple[list[Finding], list[Finding]]:
    """Put right what is safe to; the findings that are repaired, and those that are left."""
    done, left = [], []
    for one in findings:
        if one.repair is None:
            left.append(one)
            continue
        try:
            one.repair()
        except (OSError, PygatectlError) as error:
            left.append(Finding(one.gateway, one.check, one.severity, f"{one.what}; not repaired: {error}", one.fix))
        else:
            done.append(one)
    return done, left
