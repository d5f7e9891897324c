"""The completion script of zsh: a function for each command, which calls `_arguments`."""

from __future__ import annotations

from collections.abc import Iterable

from pygatectl.cli.completable import CLASSES, FILES, FOLDERS, NAMES, Command, Option, Value

HEAD = "# zsh completion of pygatectl, made by `make docs` and by `pygatectl completion`.\n"

ZSH = """\
_pygatectl_looked_up() {
    local found
    found=(${(f)"$(${~program} __complete $argv[-1] "$registry" $words[2,CURRENT-1] 2> /dev/null)"})
    compadd "${(@)argv[1,-2]}" -a found
}

_pygatectl_registry() {
    local index=${words[(I)--registry]}
    [[ -n ${words[(r)--registry=*]} ]] && registry=${${words[(r)--registry=*]}#--registry=}
    ((index)) && registry=${words[index + 1]}
}
"""


def zsh(program: Command) -> str:
    functions = [_zsh_function(command) for command in program.walk()]
    call = "local program=$words[1] registry=''\n_pygatectl_registry\n_pygatectl_command \"$@\"\n"
    return "#compdef pygatectl\n" + HEAD + "\n" + ZSH + "\n" + "\n".join(functions) + "\n" + call


def _zsh_name(command: Command) -> str:
    return "_".join(("_pygatectl_command", *command.words))


def _zsh_function(command: Command) -> str:
    specs = [spec for option in command.options for spec in _zsh_option(option)]
    if not command.commands:
        for position, value in enumerate(command.arguments):
            many = command.repeats and position == len(command.arguments) - 1
            specs.append(_quoted(f"{'*' if many else ''}:{_zsh_text(value.word)}:{_zsh_action(value)}"))
        body = "\n".join(f"        {spec} \\" for spec in specs).rstrip("\\ ")
        return f"{_zsh_name(command)}() {{\n    local line\n    _arguments -s -S \\\n{body}\n}}\n"
    children = "\n".join(
        "        " + _quoted(child.words[-1].replace(":", "\\:") + ":" + child.help) for child in command.commands
    )
    cases = "\n".join(f"        {child.words[-1]}) {_zsh_name(child)} ;;" for child in command.commands)
    specs += ["'1: :->command'", "'*:: :->arguments'"]
    body = "\n".join(f"        {spec} \\" for spec in specs).rstrip("\\ ")
    return (
        f"{_zsh_name(command)}() {{\n    local line state context state_descr commands\n"
        f"    commands=(\n{children}\n    )\n"
        f"    _arguments -C -s -S \\\n{body}\n"
        "    if [[ $state == command ]]; then\n        _describe command commands\n        return\n    fi\n"
        f"    [[ $state == arguments ]] && case $line[1] in\n{cases}\n    esac\n}}\n"
    )


def _zsh_option(option: Option) -> Iterable[str]:
    text = "[" + _zsh_text(option.help).replace("[", "\\[").replace("]", "\\]") + "]"
    action = "" if option.value is None else f":{_zsh_text(option.value.word)}:{_zsh_action(option.value)}"
    others = "*" if option.repeats else "(" + " ".join(option.names) + ")"
    for name in option.names:
        equals = "" if option.value is None else "=" if name.startswith("--") else "+"
        yield _quoted(f"{others}{name}{equals}{text}{action}")


def _zsh_action(value: Value) -> str:
    actions = {FILES: "_files", FOLDERS: "_files -/", NAMES: "", CLASSES: ""}
    if value.kind:
        return actions[value.kind] or "_pygatectl_looked_up " + value.kind
    return f"({' '.join(value.choices)})" if value.choices else " "


def _zsh_text(text: str) -> str:
    return text.replace("\\", "\\\\").replace(":", "\\:")


def _quoted(text: str) -> str:
    """In single quotes, as bash, zsh and others read it."""
    return "'" + text.replace("'", "'\\''") + "'"
