"""Export and import: what goes out comes back; all or nothing; the lines of an IRIS configuration parameter file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pygatectl import cpf, exchange
from pygatectl.definition import Definition
from pygatectl.errors import PygatectlError

if TYPE_CHECKING:
    from tests.pygatectl.conftest import Home

PYTHON = "/opt/py38/bin/python"

LINES = [
    ("PyGate=Python,55001", {"port": 55001}),
    ("PyGate = python , 55001 ", {"port": 55001}),
    ("PyGate=Python,55001,%Gateway_Object", {"port": 55001}),
    (f"PyGate=Python,55001,,{PYTHON},-O -X utf8", {"python": PYTHON, "python_options": ["-O", "-X", "utf8"]}),
    (f"PyGate=Python,55001,,-O -X utf8,{PYTHON}", {"python": PYTHON, "python_options": ["-O", "-X", "utf8"]}),
    (f"PyGate=Python,55001,,,{PYTHON}", {"python": PYTHON, "python_options": []}),
    ("PyGate=Python,55001,,-B", {"python": "", "python_options": ["-B"]}),
    ("PyGate=Python,55001,,,-B", {"python": "", "python_options": ["-B"]}),
    (f"PyGate=Python,55001,,{PYTHON},\"-W 'a, b'\",,/x.log", {"python_options": ["-W", "a, b"], "log_file": "/x.log"}),
    (
        "PyGate=Python,55001,,C:\\Py\\python.exe,-B,,C:\\x.log",
        {"python": "C:\\Py\\python.exe", "log_file": "C:\\x.log"},
    ),
    (f"PyGate=Python,far.example.org,55001,{PYTHON},-B", {"host": "far.example.org", "port": 55001, "python": PYTHON}),
]


@pytest.mark.parametrize(("line", "fields"), LINES)
def test_a_line_is_read_in_every_order_that_is_in_use(line: str, fields: dict[str, object]) -> None:
    (found,) = cpf.read(f"[Startup]\nPyGate=no\n[Gateways]\n{line}\n[Journal]\nPyGate=no\n")
    assert isinstance(found, cpf.Line)
    assert (found.number, found.name) == (4, "PyGate")
    assert {key: found.settings[key] for key in fields} == fields


BAD_LINES = [
    ("PyGate", "Name=Python,Port"),
    ("=Python,55001", "Name=Python,Port"),
    ("PyGate=Python", "Name=Python,Port"),
    ("PyGate=Python,port", "must be a port"),
    ("PyGate=Python,55001,,bin/python", "full path of an interpreter"),
    (f"PyGate=Python,55001,,{PYTHON},utf8", "begin with '-'"),
    (f'PyGate=Python,55001,,{PYTHON},"-O', "line 3"),
    (f"PyGate=Python,55001,,{PYTHON},-W 'a", "No closing quotation"),
    ("PyGate=Python,0", "port 0 is refused"),
    ("%%%=Python,55001", "name '' is refused"),
]


@pytest.mark.parametrize(("line", "reason"), BAD_LINES)
def test_one_bad_line_imports_nothing_and_is_named(home: Home, line: str, reason: str) -> None:
    file = home.folder / "iris.cpf"
    file.write_text(f"[Gateways]\nGood=Python,55000\n{line}\n")
    result = home.run("import", file)
    assert result.code == 2
    assert "line 3" in result.err
    assert reason in result.err
    assert not home.paths.registry.exists()


def test_what_is_written_is_the_documented_order() -> None:
    settings = {"port": 55001, "python": PYTHON, "python_options": ["-X", "a b"], "log_file": "/var/log/x.log"}
    made = [Definition.make("PyGate", settings), Definition.make("least", {"port": 5})]
    assert cpf.write(made) == (f"[Gateways]\nPyGate=Python,55001,,{PYTHON},-X 'a b',,/var/log/x.log\nleast=Python,5\n")


def test_the_lines_of_a_fresh_iris_are_taken_as_they_are(home: Home) -> None:
    file = home.folder / "iris.cpf"
    file.write_text(
        "\ufeff[Gateways]\r\n%DotNet Server=.NET,53372,%Gateway_Object,N6.0\r\n%Java Server=Java,53272\r\n"
        "%Python Server=Python,53472,%Gateway_Object,,,,,,,0\r\n%R Server=R,53872,%Gateway_Object\r\n"
    )
    result = home.run("import", file).ok()
    assert result.out == "created Python-Server on 127.0.0.1:53472\n"
    assert "line 2: '%DotNet Server' is left out: its type is '.NET'" in result.err
    assert "'%Python Server' is called 'Python-Server' here" in result.err
    assert "the field '0' has no counterpart here" in result.err


SETTINGS = {
    "port": 5000,
    "host": "::1",
    "use_passphrase": True,
    "env": {"Ü": 'a"b\\c', "NL": "1\n2"},
    "python_options": ["-X", "utf8"],
    "class_path": ["/srv/日本/a b.py"],
    "tags": ["x"],
    "memory_limit": 1 << 31,
    "description": "naïve",
}


@pytest.mark.parametrize("form", ["json", "toml"])
def test_what_is_exported_comes_back_as_it_was(form: str) -> None:
    definitions = [Definition.make("Käse.1", SETTINGS), Definition.make("least", {"port": 5001})]
    content = exchange.read(exchange.to_text(definitions, form), form)
    assert [one.over(None) for one in content.entries] == definitions


def test_a_passphrase_is_never_exported_and_asked_for_where_it_is_missing(home: Home) -> None:
    home.run("create", "lab", "--port", 5000, "--generate-passphrase").ok()
    secret = (home.paths.passphrases / "lab").read_text().strip()
    for form in exchange.FORMATS:
        assert secret not in home.run("export", "--format", form).ok().out
    home.run("export", "--output", home.folder / "all.toml").ok()
    assert (home.folder / "all.toml").stat().st_mode & 0o777 == 0o600
    home.run("import", home.folder / "all.toml", "--replace").ok()
    assert (home.paths.passphrases / "lab").read_text().strip() == secret
    home.run("delete", "lab", "--yes").ok()
    assert "pygatectl passphrase set lab" in home.run("import", home.folder / "all.toml").ok().err


def test_an_import_replaces_only_if_told_and_a_cpf_keeps_what_it_can_not_say(home: Home) -> None:
    home.run("create", "lab", "--port", 5000, "--tag", "x", "--generate-passphrase").ok()
    before = home.paths.registry.read_bytes()
    file = home.folder / "iris.cpf"
    file.write_text("[Gateways]\nnew=Python,5002\nlab=Python,5001,,,-O\n")
    refused = home.run("import", file)
    assert (refused.code, home.paths.registry.read_bytes()) == (5, before)
    assert "--replace" in refused.err
    done = json.loads(home.run("import", file, "--replace", "--json").ok().out)
    assert [one["definition"]["name"] for one in done["imported"]] == ["new", "lab"]
    assert done["imported"][1]["changes"]["port"] == {"before": 5000, "after": 5001}
    lab = home.registry.get("lab")
    assert (lab.port, lab.tags, lab.use_passphrase) == (5001, ("x",), True)
    assert "definition imported from" in home.run("activity", "new").out


BAD_TEXTS = [
    ("json", '{"definitions": [\n{"name": "a", "port": 1},\n{"name": "b"}]}', "line 3: gateway 'b': port None"),
    ("json", '{"definitions": [\n{"name": "a", "port": 1, "prot": 1}]}', "line 2: gateway 'a': field 'prot'"),
    ("json", '{"definitions": [{"port": 1}]}', "it must be an object"),
    ("json", "[", "not valid JSON"),
    ("json", '{"schema": "pygatectl/9", "definitions": []}', "its schema is 'pygatectl/9'"),
    ("json", '{"definitions": [{"name": "a", "port": 1}, {"name": "a", "port": 2}]}', "is there already"),
    ("toml", "[gateways.a]\nport = 1\n[gateways.b]\nport = 0\n", "line 3: gateway 'b': port 0"),
    ("toml", "[gateways.a]\nport = 1\n[gateways.A]\nport = 2\n", "in case alone"),
    ("toml", "[gateways.'a b']\nport = 1\n", "line 1: name 'a b' is refused"),
    ("toml", "[other]\n", "a table [gateways.NAME]"),
    ("toml", "[gateways", "not valid TOML"),
]


@pytest.mark.parametrize(("form", "text", "reason"), BAD_TEXTS)
def test_a_text_with_a_mistake_imports_nothing_and_says_where(home: Home, form: str, text: str, reason: str) -> None:
    file = home.folder / f"file.{form}"
    file.write_text(text)
    result = home.run("import", file)
    assert result.code in (1, 2, 5)
    assert reason in result.err
    assert not home.paths.registry.exists()


@pytest.mark.parametrize(
    ("path", "text", "form"),
    [
        ("a.toml", None, "toml"),
        ("A.CPF", None, "cpf"),
        ("-", ' {"definitions": []}', "json"),
        ("iris", "[Startup]\n[gateways]\n", "cpf"),
        ("x", "[gateways.a]\nport = 1", "toml"),
    ],
)
def test_the_format_is_that_of_the_name_or_of_the_text(path: str, text: str | None, form: str) -> None:
    assert exchange.format_of(path, text) == form
    with pytest.raises(PygatectlError, match="--format json"):
        exchange.format_of("lab.yaml")


def test_export_goes_to_a_pipe_that_import_reads(home: Home) -> None:
    home.run("create", "lab", "--port", 5000, "--tag", "x").ok()
    home.run("create", "other", "--port", 5001).ok()
    text = home.run("export", "--tag", "x", "--json").ok().out
    home.run("delete", "lab", "--yes").ok()
    assert home.command("import", "-", input=text).ok().out == "created lab on 127.0.0.1:5000\n"
    assert home.registry.get("lab").tags == ("x",)
    whole = home.run("list", "--json").ok().out
    assert home.command("import", "-", "--replace", input=whole).ok().out == "other is as it was\nlab is as it was\n"


def test_a_thousand_definitions_are_imported_at_once(home: Home) -> None:
    text = "".join(f"[gateways.g{number}]\nport = {10000 + number}\n" for number in range(1000))
    (home.folder / "many.toml").write_text(text)
    home.run("import", home.folder / "many.toml").ok()
    assert len(home.registry.names()) == 1000
