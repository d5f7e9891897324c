"""The completion script of fish: a line for each command, option and argument."""

from __future__ import annotations

from collections.abc import Iterator

from pygatectl.cli.completable import FILES, FOLDERS, Command, Value

HEAD = "# fish completion of pygatectl, made by `make docs` and by `pygatectl completion`.\n"

FISH = """\
set -g __pygatectl_below {below}
set -g __pygatectl_valued {valued}

# Reads the words so far into `path` (those that name the command), `plain` (its arguments), and `registry`.
function __pygatectl_read --no-scope-shadowing
    set path ''
    set registry ''
    set plain
    set -l words (commandline -opc)[2..]
    while set -q words[1]
        switch $words[1]
            case '--registry=*'
                set registry (string replace -- --registry= '' $words[1])
            case '-*'
                if contains -- "$path $words[1]" $__pygatectl_valued
                    test $words[1] = --registry; and set registry $words[2]
                    set -e words[1]
                end
            case '*'
                if not set -q plain[1]; and contains -- "$path $words[1]" $__pygatectl_below
                    set path "$path $words[1]"
                else
                    set -a plain $words[1]
                end
        end
        set -e words[1]
    end
end

# Whether the words so far name this command; with numbers, whether an argument at one of these positions comes next.
function __pygatectl_at
    set -l path
    set -l plain
    set -l registry
    __pygatectl_read
    test "$path" = "$argv[1]"; or return 1
    not set -q argv[2]; or test (count $plain) -ge $argv[2] -a (count $plain) -le $argv[3]
end

# What the program knows: its names, or the classes of the definition that the command names.
function __pygatectl_looked_up
    set -l path
    set -l plain
    set -l registry
    __pygatectl_read
    set -l words (commandline -opc)
    $words[1] __complete $argv[1] "$registry" "$plain[1]" 2>/dev/null
end

complete -c pygatectl -e
complete -c pygatectl -f
"""


def fish(program: Command) -> str:
    commands = list(program.walk())
    below = " ".join(_fish(_fish_path(one)) for one in commands if one.words)
    valued = [
        _fish(f"{_fish_path(one)} {name}")
        for one in commands
        for option in one.options
        for name in option.names
        if option.value
    ]
    lines = [HEAD, FISH.replace("{below}", below).replace("{valued}", " ".join(valued))]
    for command in commands:
        lines += [one + "\n" for one in _fish_command(command)]
    return "".join(lines)


def _fish_path(command: Command) -> str:
    return "".join(" " + one for one in command.words)


def _fish_command(command: Command) -> Iterator[str]:
    at = "__pygatectl_at " + _fish(_fish_path(command))
    for child in command.commands:
        yield f"complete -c pygatectl -n {_fish(at + ' 0 0')} -a {child.words[-1]} -d {_fish(child.help)}"
    for position, value in enumerate(command.arguments):
        last = 999 if command.repeats and position == len(command.arguments) - 1 else position
        if more := _fish_value(value):
            yield f"complete -c pygatectl -n {_fish(f'{at} {position} {last}')}{more}"
    for option in command.options:
        names = "".join(f" -l {one[2:]}" if one.startswith("--") else f" -s {one[1:]}" for one in option.names)
        more = (
            "" if option.value is None else (" -r" if option.value.kind == FILES else " -x") + _fish_value(option.value)
        )
        yield f"complete -c pygatectl -n {_fish(at)}{names}{more} -d {_fish(option.help)}"


def _fish_value(value: Value) -> str:
    if value.kind == FILES:
        return " -F"
    if value.kind == FOLDERS:
        return " -a '(__fish_complete_directories)'"
    if value.kind:
        return f" -a '(__pygatectl_looked_up {value.kind})'"
    return f" -a {_fish(' '.join(value.choices))}" if value.choices else ""


def _fish(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
