"""What the doctor found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pygatectl.cli.render import line, print_json

if TYPE_CHECKING:
    from pygatectl.doctor import Finding


def findings(left: Sequence[Finding], done: Sequence[Finding], *, would_fix: bool, as_json: bool) -> None:
    """What is wrong still, and what was put right; `would_fix` says that a dry run would put right what it can."""
    if as_json:
        print_json(findings=[_json(one) for one in left], repaired=[_json(one) for one in done], dry_run=would_fix)
        return
    for one in done:
        line(f"{_about(one)}: repaired: {one.what}")
    for one in left:
        line(f"{_about(one)}: {one.severity}: {one.what}")
        line(f"    why: {one.why}")
        line(f"    {'would be repaired, as by' if would_fix and one.repair else 'fix'}: {one.fix}")
    if not left:
        line("nothing is wrong" if not done else "nothing else is wrong")


def _about(one: Finding) -> str:
    return one.gateway or "registry and state"


def _json(one: Finding) -> dict[str, object]:
    told = {"gateway": one.gateway, "check": one.check, "severity": one.severity, "what": one.what}
    return {**told, "why": one.why, "fix": one.fix, "repairable": one.repair is not None}
