"""`pygatectl stubs`: files that an editor reads, and no file lost for them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import pygatectl

if TYPE_CHECKING:
    from tests.pygatectl.conftest import Home

DEMO = Path(pygatectl.__file__).parent / "demo"
PERSON, COMPANY = "PersonDemo.Person", "Company.Company"

PROGRAM = """\
from typing import TYPE_CHECKING

import pygatectl

if TYPE_CHECKING:
    from PersonDemo import Person

with pygatectl.open_gateway("lab") as gateway:
    person: "Person" = gateway.new("PersonDemo.Person")
    person.name = "George"
    print(person.displayPerson(), person.company.displayEmployer())
"""
WRONG = {
    "person.displayPersn()": '"Person" has no attribute "displayPersn"; maybe "displayPerson"?',
    "person.displayPerson(3)": 'Too many arguments for "displayPerson" of "Person"',
    "person.company.displayEmployer(3)": 'Too many arguments for "displayEmployer" of "Company"',
}


@pytest.fixture
def lab(home: Home) -> Iterator[Home]:
    """A home with one active gateway, which knows the demo's modules."""
    home.run("create", "lab", "--port", "auto", "--class-path", DEMO / "PersonDemo.py").ok()
    home.run("start", "lab", "--timeout", "30").ok()
    yield home
    home.run("stop", "lab").ok()


def mypy(folder: Path, program: str) -> str:
    (folder / "program.py").write_text(program)
    options = ["--strict", "--python-version=3.10", "--cache-dir=cache", "program.py"]
    command = [sys.executable, "-m", "mypy", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout


def test_a_program_that_uses_the_stubs_is_checked(lab: Home, tmp_path: Path) -> None:
    result = lab.run("stubs", "lab", PERSON, COMPANY, "--output", tmp_path).ok()
    assert result.out == f"wrote {tmp_path / 'PersonDemo.pyi'}\nwrote {tmp_path / 'Company.pyi'}\n"
    assert "Success" in mypy(tmp_path, PROGRAM)
    for line, said in WRONG.items():
        assert said in mypy(tmp_path, PROGRAM + f"    {line}\n")


def test_the_program_with_stubs_beside_it_runs(lab: Home, tmp_path: Path) -> None:
    lab.run("stubs", "lab", PERSON, "--output", tmp_path).ok()
    (tmp_path / "program.py").write_text(PROGRAM)
    command = [sys.executable, "program.py"]
    ran = subprocess.run(command, cwd=tmp_path, env=lab.environment, capture_output=True, text=True, check=True)
    assert ran.stdout == "name: George, age: 5 employer: InterSystems\n"


def test_stubs_go_to_the_current_folder_or_to_standard_output(
    lab: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert lab.run("stubs", "lab", PERSON).ok().out == "wrote PersonDemo.pyi\n"
    assert lab.run("stubs", "lab", PERSON, "--output", "-").ok().out == (tmp_path / "PersonDemo.pyi").read_text()


def test_a_module_of_a_package_goes_to_the_packages_folder(lab: Home, tmp_path: Path) -> None:
    lab.run("stubs", "lab", "json.decoder.JSONDecoder", "-o", tmp_path).ok()
    assert (tmp_path / "json" / "decoder.pyi").is_file()


def test_stubs_are_made_again_but_replace_no_other_file(lab: Home, tmp_path: Path) -> None:
    stub, other = tmp_path / "PersonDemo.pyi", tmp_path / "Company.pyi"
    lab.run("stubs", "lab", PERSON, "-o", tmp_path).ok()
    made = stub.read_text()
    stub.write_text(made + "# more\n")
    other.write_text("mine = 1\n")
    refused = lab.run("stubs", "lab", PERSON, COMPANY, "-o", tmp_path)
    assert (refused.code, other.read_text(), stub.read_text()) == (5, "mine = 1\n", made + "# more\n")
    assert f"{other} is there and was not made by this program; --force replaces it" in refused.err
    lab.run("stubs", "lab", PERSON, "-o", tmp_path).ok()
    assert stub.read_text() == made
    lab.run("stubs", "lab", COMPANY, "-o", tmp_path, "--force").ok()
    assert "class Company" in other.read_text()
    assert [path.name for path in tmp_path.glob("*.new")] == []


def test_json_tells_the_paths_or_the_texts(lab: Home, tmp_path: Path) -> None:
    told = json.loads(lab.run("stubs", "lab", PERSON, "-o", tmp_path, "--json").ok().out)
    assert told == {
        "schema": "pygatectl/1",
        "dry_run": False,
        "stubs": [{"module": "PersonDemo", "path": str(tmp_path / "PersonDemo.pyi")}],
    }
    told = json.loads(lab.run("stubs", "lab", PERSON, "-o", "-", "--json").ok().out)
    assert "class Person:" in told["stubs"][0]["text"]


def test_the_class_path_can_be_given(lab: Home, tmp_path: Path) -> None:
    (tmp_path / "extra.py").write_text("class Extra: ...\n")
    refused = lab.run("stubs", "lab", "extra.Extra", "-o", "-")
    assert refused.code == 1
    assert "no module 'extra'" in refused.err
    assert "here with --class-path, or for good: pygatectl edit lab --class-path PATH" in refused.err
    assert "class Extra" in lab.run("stubs", "lab", "extra.Extra", "-o", "-", "--class-path", tmp_path / "extra.py").out


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("PersonDemo.Persn", 1, "PersonDemo has no 'Persn'; did you mean 'Person'?"),
        ("Person", 1, "'Person' names no module: write MODULE.CLASS"),
        ("PersonDemo._Person", 1, "'_Person' begins with an underscore"),
        ("broken.Thing", 1, "can't make stubs of broken.Thing: ZeroDivisionError: division by zero"),
    ],
)
def test_a_class_that_is_not_there_is_told_with_advice(
    lab: Home, tmp_path: Path, name: str, code: int, said: str
) -> None:
    (tmp_path / "broken.py").write_text("1 / 0\n")
    refused = lab.run("stubs", "lab", name, "-o", tmp_path, "--class-path", tmp_path / "broken.py")
    assert (refused.code, refused.out) == (code, "")
    assert said in refused.err
    assert list(tmp_path.glob("**/*.pyi")) == []


def test_a_gateway_that_is_not_there_or_not_active_has_its_own_exit_code(home: Home) -> None:
    assert home.run("stubs", "lab", PERSON).code == 4
    home.run("create", "lab", "--port", "auto").ok()
    refused = home.run("stubs", "lab", PERSON)
    assert refused.code == 3
    assert "pygatectl start lab" in refused.err
    assert home.run("stubs", "lab").code == 2
