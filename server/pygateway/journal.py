"""The log file of a definition: connections opened and closed, authentication refused, classes not mapped.

One line an event: time, level, event, and what it is about. Without a log file nothing is written, and nothing costs.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional


class Journal:
    """Writes events to `path`, or nowhere. A file that is moved away is begun anew."""

    def __init__(self, path: "Optional[str]") -> None:
        """Raises OSError if `path` can't be written."""
        self._log: Any = None
        if path is None:
            return
        import logging
        import logging.handlers

        handler = logging.handlers.WatchedFileHandler(path, encoding="utf-8")
        handler.setFormatter(
            logging.Formatter("%(asctime)s.%(msecs)03d%(zone)s %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S")
        )
        self._log = logging.Logger("pygateway")
        self._log.addHandler(handler)

    def info(self, event: str, **about: "Any") -> None:
        self._write(20, event, about)

    def warning(self, event: str, **about: "Any") -> None:
        self._write(30, event, about)

    def error(self, event: str, **about: "Any") -> None:
        self._write(40, event, about)

    def _write(self, level: int, event: str, about: "dict[str, Any]") -> None:
        if self._log is None:
            return
        import time

        parts = [event]
        for name, value in about.items():
            text = "%s: %s" % (type(value).__name__, value) if isinstance(value, BaseException) else str(value)
            parts.append("%s=%s" % (name, text if text.isprintable() and " " not in text else ascii(text)))
        self._log.log(level, " ".join(parts), extra={"zone": time.strftime("%z")})
