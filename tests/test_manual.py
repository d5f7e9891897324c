"""What the README and the manual say is what the program does."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def block(text: str, language: str) -> str:
    """The first code block of this language."""
    found = re.search(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def shape(output: str) -> str:
    """Output without the numbers that differ from run to run."""
    return re.sub(r"\d[\d.]*(?= s$|,| on|$)|:\d+", "N", output, flags=re.MULTILINE)


def test_the_readmes_example_works_as_printed(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text()
    env = {
        **os.environ,
        "PATH": str(Path(sys.executable).parent) + os.pathsep + os.environ["PATH"],
        "PYGATECTL_REGISTRY": str(tmp_path / "registry.toml"),
        "PYGATECTL_STATE_DIR": str(tmp_path / "state"),
    }
    try:
        ran = subprocess.run(
            ["bash", "-e", "-c", block(readme, "sh")], env=env, capture_output=True, text=True, timeout=60, check=False
        )
    finally:
        subprocess.run([sys.executable, "-m", "pygatectl", "stop", "--all"], env=env, check=True, stdout=-1)
    assert (ran.stderr, ran.returncode) == ("", 0)
    assert shape(ran.stdout) == shape(block(readme, "text"))


def test_the_page_of_commands_is_what_the_program_says() -> None:
    env = {**os.environ, "COLUMNS": "90"}
    said = subprocess.run(
        [sys.executable, "-m", "pygatectl.cli.reference"], env=env, capture_output=True, text=True, check=True
    ).stdout
    assert (ROOT / "docs" / "commands.md").read_text() == said, "run make docs"


PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "server" / "PROTOCOL.md", *(ROOT / "docs").glob("*.md")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", page.read_text()):
        path, _, anchor = target.partition("#")
        other = page if not path else page.parent / path
        assert other.exists(), target
        headings = re.findall(r"^#+ (.*)$", other.read_text(), re.MULTILINE) if anchor else []
        anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
        assert not anchor or anchor in anchors, target


def test_each_test_that_the_security_page_names_is_there() -> None:
    named = set(re.findall(r"`(test_\w+\.py)::(test_\w+)`", (ROOT / "SECURITY.md").read_text()))
    assert len(named) > 40
    sources = {path.name: path.read_text() for path in (ROOT / "tests").glob("*/test_*.py")}
    missing = [f"{file}::{name}" for file, name in sorted(named) if f"def {name}(" not in sources.get(file, "")]
    assert missing == []
