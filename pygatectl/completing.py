"""What a Tab asks for, answered before all else is imported: `pygatectl __complete names|classes REGISTRY WORD...`

A shell waits for every Tab, so this module imports nothing that an interpreter has not loaded already, and reads the
headers of the registry file itself. What it can't tell, it leaves out: a completion is a help, not an answer.
"""

import os
import sys

LINUX = sys.platform == "linux"


def answer(words: "list[str]") -> int:
    """Print what fits, one a line; exit code 0, or 2 for a question that is none."""
    kind, registry, *others = [*words, "", ""]
    path = registry or os.environ.get("PYGATECTL_REGISTRY") or default_registry()
    if kind not in ("names", "classes"):
        return 2
    path = os.path.expanduser(path)  # noqa: PTH111 - pathlib costs more than the whole answer
    found = names(path) if kind == "names" else classes(path, others)
    sys.stdout.write("".join(one + "\n" for one in found))
    sys.stdout.flush()
    return 0


def default_registry() -> str:
    """The user's own registry file, where platformdirs says that it is; computed here on Linux, since that costs
    a third of a Tab.
    """
    if LINUX:
        base = os.environ.get("XDG_CONFIG_HOME", "").strip() or os.path.expanduser("~/.config")  # noqa: PTH111
        return base + "/pygatectl/registry.toml"
    from pygatectl.paths import find_paths

    return str(find_paths().registry)


def names(path: str) -> "list[str]":
    """The names of the definitions, from the headers `[gateways.NAME]`; by a whole parser where a person wrote
    them another way.
    """
    found: dict[str, None] = {}
    for line in _text(path).splitlines():
        line = line.strip()
        if line.startswith("[gateways."):
            name = _first_key(line[len("[gateways.") :])
            if name is None:
                return sorted(_tables(path))
            found[name] = None
        elif line.replace(" ", "").startswith(("gateways", '"gateways', "'gateways", "[gateways", '["', "['")):
            return sorted(_tables(path))
    return sorted(found)


def _first_key(rest: str) -> "str | None":
    """The first key of `NAME]`, `NAME.env]` or `"NAME"]`; None if it is written in a way that needs a parser."""
    if "]" not in rest:
        return None
    if rest[:1] in ("'", '"'):
        name, quote, _ = rest[1:].partition(rest[0])
        return name if quote and "\\" not in name else None
    name = rest.partition("]")[0].partition(".")[0]
    return name if name and name.isascii() and name.replace("-", "").replace("_", "").isalnum() else None


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:  # noqa: PTH123 - as above
            return file.read()
    except OSError:
        return ""  # no file, or none that can be read: nothing to complete, which the command itself will explain


def _tables(path: str) -> "dict[str, dict[str, object]]":
    """The definitions as plain values; none if the file is broken."""
    try:
        if sys.version_info >= (3, 11):
            import tomllib

            gateways = tomllib.loads(_text(path)).get("gateways", {})
        else:
            import tomlkit

            gateways = tomlkit.parse(_text(path)).unwrap().get("gateways", {})
        return {name: table for name, table in gateways.items() if isinstance(table, dict)}
    except (ValueError, AttributeError):
        return {}


def classes(path: str, words: "list[str]") -> "list[str]":
    """What the class path of a definition names, the first that is among the words of the command: `module.Class` for
    each class in a module's text, and `module.` for the module.
    """
    found = []
    tables = _tables(path)
    name = next((one for one in words if one in tables), "")
    for one in _list(tables.get(name, {}), "class_path"):
        folder, _, file = str(one).replace("\\", "/").rpartition("/")
        module, dot, suffix = file.rpartition(".")
        if not (dot and suffix == "py"):
            continue
        place = folder + "/" + module.replace(".", "/")
        text = _text(place + ".py") or _text(place + "/__init__.py")
        lines = [line for line in text.splitlines() if line.startswith("class ")]
        found += [module + "." + line[6:].replace(":", "(").partition("(")[0].strip() for line in lines]
        found.append(module + ".")
    return found


def _list(table: "dict[str, object]", key: str) -> "list[str]":
    values = table.get(key, [])
    return [one for one in values if isinstance(one, str)] if isinstance(values, list) else []
