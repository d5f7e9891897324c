"""The completion script of bash: one function, and tables in the form of `case`."""

from __future__ import annotations

from pygatectl.cli.completable import Command, kind_of

HEAD = "# bash completion of pygatectl, made by `make docs` and by `pygatectl completion`.\n"

BASH = """\
_pygatectl() {
    local program=${COMP_WORDS[0]/#\\~/$HOME} current=${COMP_WORDS[COMP_CWORD]} path='' pending='' registry='' name=''
    local word index position=0 rest=''
    COMPREPLY=()
    for ((index = 1; index < COMP_CWORD; index++)); do
        word=${COMP_WORDS[index]}
        if [[ -n $pending ]]; then
            [[ $word == = ]] && continue
            [[ $pending == --registry ]] && registry=$word
            pending=''
        elif [[ -z $rest && $word == -- ]]; then
            rest=1
        elif [[ -z $rest && $word == -* ]]; then
            _pygatectl_value "$path" "$word" && pending=$word
        elif [[ $position == 0 ]] && _pygatectl_below "$path" "$word"; then
            path+="${path:+ }$word"
        else
            ((position++))
            [[ $position == 1 ]] && name=$word
        fi
    done
    [[ $current == = ]] && current=''
    if [[ -n $pending ]]; then
        _pygatectl_value "$path" "$pending"
    elif [[ -z $rest && $current == -* ]]; then
        _pygatectl_words "$(_pygatectl_options "$path")"
        return
    else
        _pygatectl_argument "$path" "$position"
    fi
    case $kind in
        names | classes)
            local IFS=$'\\n'
            _pygatectl_words "$("$program" __complete "$kind" "$registry" "$name" 2> /dev/null)" ;;
        files) compopt -o filenames 2> /dev/null; COMPREPLY=($(compgen -f -- "$current")) ;;
        folders) compopt -o filenames 2> /dev/null; COMPREPLY=($(compgen -d -- "$current")) ;;
        *) _pygatectl_words "$kind" ;;
    esac
}

_pygatectl_words() {
    local IFS=$' \\n'
    COMPREPLY=($(compgen -W "$1" -- "$current"))
}
"""

BASH_TABLES = """
# Whether a command stands below another.
_pygatectl_below() {{
    case "$1 $2" in
        {below}) return 0 ;;
    esac
    return 1
}}

# The options of a command.
_pygatectl_options() {{
    case $1 in
{options}
    esac
}}

# Whether an option takes a value; `kind` is then what it is.
_pygatectl_value() {{
    kind=''
    case "$1 $2" in
{values}
        *) return 1 ;;
    esac
}}

# What the argument at a position is, as `kind`.
_pygatectl_argument() {{
    kind=''
    case "$1 $2" in
{arguments}
    esac
}}

complete -F _pygatectl pygatectl
"""


def bash(program: Command) -> str:
    below, options, values, arguments = [], [], [], []
    for command in program.walk():
        path = " ".join(command.words)
        below += [f'"{path} {child.words[-1]}"' for child in command.commands]
        names = " ".join(name for option in command.options for name in option.names)
        options.append(f'        "{path}") echo "{names}" ;;')
        for option in command.options:
            if option.value:
                cases = " | ".join(f'"{path} {name}"' for name in option.names)
                values.append(f"        {cases}) kind='{kind_of(option.value)}' ;;")
        if command.commands:
            children = " ".join(child.words[-1] for child in command.commands)
            arguments.append(f"        \"{path} 0\") kind='{children}' ;;")
        for position, value in enumerate(command.arguments):
            last = command.repeats and position == len(command.arguments) - 1
            pattern = f'"{path} "[0-9]*' if last and not position else f'"{path} "*' if last else f'"{path} {position}"'
            if kind := kind_of(value):
                arguments.append(f"        {pattern}) kind='{kind}' ;;")
    tables = BASH_TABLES.format(
        below=" | ".join(below),
        options="\n".join(options),
        values="\n".join(values),
        arguments="\n".join(sorted(arguments, key=lambda one: "*)" in one)),
    )
    return HEAD + BASH.replace("rest=''\n", "rest='' kind=''\n", 1) + tables
