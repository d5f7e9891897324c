"""How the server of a definition is known to be the right one, where it speaks TLS."""

from __future__ import annotations

from typing import Any

from pygatectl.definition import Definition
from pygatectl.record import Record


def trust_in(definition: Definition) -> dict[str, Any]:
    """By its certificate: options of `Gateway.connect`."""
    if not definition.use_tls:
        return {}
    return {"tls": definition.tls_ca or True, "tls_name": definition.tls_host_name or definition.host}


def trust_in_instance(record: Record) -> Any:
    """By the secret that it was given at its start: the option `tls` of a ping that needs no certificate for it."""
    if not record.settings.get("use_tls"):
        return False
    from pygateway.tls import unchecked_context

    return unchecked_context()
