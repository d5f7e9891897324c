"""The rules of a definition: each says which field, which value, and why not."""

from __future__ import annotations

import pytest

from pygatectl.definition import DEFAULTS, Definition, same_name
from pygatectl.errors import InvalidValue


@pytest.mark.parametrize("name", ["dev", "9lives", "a.b-c_d", "Käse", "日本", "x" * 64])
def test_a_name_of_letters_digits_and_joints_is_accepted(name: str) -> None:
    assert Definition.make(name, {"port": 5000}).name == name


@pytest.mark.parametrize(
    "name", ["", " ", "-a", ".a", "_a", "a b", "a/b", "../a", "a\nb", "a:b", "x" * 65, "日" * 67, "a\x00"]
)
def test_a_name_that_is_not_a_name_is_refused_by_its_rule(name: str) -> None:
    with pytest.raises(InvalidValue, match=r"^name .* is refused: a name "):
        Definition.make(name, {"port": 5000})


def test_a_name_is_kept_in_its_composed_form() -> None:
    assert Definition.make("Ka\u0308se", {"port": 5000}).name == "K\u00e4se"


def test_names_that_differ_in_case_alone_are_the_same_name() -> None:
    assert same_name("PyGate", "pygate")
    assert same_name("STRASSE", "straße")
    assert not same_name("PyGate", "PyGate2")


REFUSED = [
    ("port", 0, "1 to 65535"),
    ("port", 65536, "1 to 65535"),
    ("port", -1, "1 to 65535"),
    ("port", "5000", "TCP port"),
    ("port", True, "TCP port"),
    ("host", "", "host name or an IP address"),
    ("host", "a b", "host name or an IP address"),
    ("host", "256.0.0.1", "four numbers"),
    ("host", "127.1", "four numbers"),
    ("use_passphrase", "yes", "true or false"),
    ("log_file", "logs/here.log", "full path"),
    ("log_file", 3, "text"),
    ("python", "bin/python", "full path"),
    ("python_options", "-O", "array"),
    ("python_options", [1], "text"),
    ("env", ["A=B"], "table"),
    ("env", {"A=B": "C"}, "no '='"),
    ("env", {"A": 1}, "text"),
    ("cwd", "here", "full path"),
    ("class_path", ["mod.py"], "full path to a module"),
    ("insecure", 1, "true or false"),
    ("connection_timeout", 1, "2 to 300"),
    ("connection_timeout", 301, "2 to 300"),
    ("initialization_timeout", 1, "2 to 300"),
    ("heartbeat_interval", 3601, "0 to 3600"),
    ("heartbeat_failure_timeout", 86401, "0 to 86400"),
    ("heartbeat_failure_action", "X", "one of N"),
    ("heartbeat_failure_retry", -1, "0: never"),
    ("preload", ["a b"], "name of a module"),
    ("preload", "json", "array"),
    ("allow", ["os"], "MODULE.CLASS"),
    ("allow", "os.*", "array"),
    ("max_connections", 0, "a number of connections"),
    ("max_frame", 1000, "at least 64K"),
    ("memory_limit", 1, "at least 64M"),
    ("memory_limit", "2 cups", "512M or 2G"),
    ("memory_limit", True, "512M or 2G"),
    ("open_files", 3, "64 to"),
    ("nice", 20, "-20 to 19"),
    ("nice", "high", "-20 to 19"),
    ("description", "two\nlines", "one line"),
    ("tags", ["a b"], "a tag starts with"),
    ("tags", ["-a"], "a tag starts with"),
    ("type", "Java", "Python is the one type"),
]


@pytest.mark.parametrize(("field", "value", "rule"), REFUSED)
def test_a_value_against_a_rule_names_gateway_field_value_and_rule(field: str, value: object, rule: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        Definition.make("dev", {"port": 5000, field: value})
    message = str(caught.value)
    assert message.startswith(f"gateway 'dev': {field}")
    assert rule in message


def test_a_definition_without_a_port_is_refused() -> None:
    with pytest.raises(InvalidValue, match="port None is refused"):
        Definition.make("dev", {})


ACCEPTED = [
    ("host", "0.0.0.0"),  # noqa: S104 - only stored
    ("host", "::1"),
    ("host", "far.example.org"),
    ("log_file", "/var/log/lab.log"),
    ("log_file", "C:\\logs\\lab.log"),
    ("python", "/opt/py38/bin/python"),
    ("python_options", ["-O", "-X", "dev"]),
    ("env", {"A": "", "B": "x=y"}),
    ("class_path", ["/code/demo.PersonDemo.py", "C:\\Project\\demo\\PersonDemo.py"]),
    ("heartbeat_failure_action", "RA"),
    ("heartbeat_interval", 0),
]


@pytest.mark.parametrize(("field", "value"), ACCEPTED)
def test_what_is_stored_makes_the_same_definition_again(field: str, value: object) -> None:
    definition = Definition.make("dev", {"port": 5000, field: value})
    assert definition.stored() == {"port": 5000, field: value}
    assert Definition.make("dev", definition.stored()) == definition


def test_only_what_differs_from_its_default_is_stored() -> None:
    settings = {**DEFAULTS, "port": 5000}
    assert Definition.make("dev", settings).stored() == {"port": 5000}


def test_an_empty_text_clears_a_path() -> None:
    assert Definition.make("dev", {"port": 5000, "log_file": ""}).log_file is None


def test_what_is_valid_of_a_definition_can_be_salvaged() -> None:
    settings = {"port": "none", "host": "localhost", "nice": 500, "env": 5, "prot": 6, "tags": ["a"]}
    assert Definition.salvage("dev", settings) == Definition("dev", port=0, host="localhost", tags=("a",))
    with pytest.raises(InvalidValue):
        Definition.salvage("../dev", settings)


@pytest.mark.parametrize(
    ("text", "size"),
    [("512M", 512 << 20), ("2G", 2 << 30), ("70000k", 70000 << 10), ("1TiB", 1 << 40), ("67108864", 1 << 26)],
)
def test_a_size_may_be_written_with_its_unit(text: str, size: int) -> None:
    assert Definition.make("dev", {"port": 5000, "memory_limit": text}).memory_limit == size


def test_keys_of_a_later_version_are_left_alone() -> None:
    assert Definition.make("dev", {"port": 5000, "tls": {"on": True}}) == Definition.make("dev", {"port": 5000})
