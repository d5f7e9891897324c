"""Host names as they are looked up."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def plain(host: str) -> "Any":
    """A host name as getaddrinfo takes it without first importing the codec of international names."""
    try:
        return host.encode("ascii")
    except UnicodeEncodeError:
        return host
