"""The manual: Markdown pages that are installed beside the program, or stand in `docs` of a checkout."""

from __future__ import annotations

from pathlib import Path

from pygatectl.errors import Refused

PAGES = "manual"
"""The folder of the pages in an installed package."""


def folder() -> Path:
    """Where the pages are."""
    package = Path(__file__).parent
    installed = package / PAGES
    return installed if installed.is_dir() else package.parent / "docs"


def topics() -> dict[str, Path]:
    """The pages by their topics, which are the names of their files."""
    pages = {path.stem: path for path in sorted(folder().glob("*.md"))}
    if (protocol := folder().parent / "server" / "PROTOCOL.md").is_file():  # its place in a checkout
        pages["protocol"] = protocol
    return pages


def page(topic: str) -> str:
    """The text of a page. Raises `Refused` with the nearest topics if there is none."""
    found = topics()
    if topic.casefold() in found:
        return found[topic.casefold()].read_text(encoding="utf-8")
    from difflib import get_close_matches

    close = get_close_matches(topic.casefold(), found, n=1)
    advice = f"did you mean {close[0]!r}?" if close else f"the topics are: {', '.join(found)}"
    raise Refused(f"the manual has no page {topic!r}, and there is no such command; {advice}")


def summary(path: Path) -> str:
    """The heading of a page."""
    return path.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")
