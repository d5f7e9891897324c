"""The completion script of PowerShell: tables, and one argument completer."""

from __future__ import annotations

from pygatectl.cli.completable import Command, kind_of

HEAD = "# PowerShell completion of pygatectl, made by `make docs` and by `pygatectl completion`.\n"

POWERSHELL = """\
Register-ArgumentCompleter -Native -CommandName pygatectl -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $before = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
        ForEach-Object { $_.ToString().Trim("'`"") })
    $path = ''; $pending = ''; $registry = ''; $plain = @()
    foreach ($word in $before | Select-Object -Skip 1) {
        if ($pending) { if ($pending -eq '--registry') { $registry = $word }; $pending = '' }
        elseif ($word.StartsWith('-')) { if ($values.ContainsKey("$path $word")) { $pending = $word } }
        elseif (-not $plain -and $commands.ContainsKey("$path $word".Trim())) { $path = "$path $word".Trim() }
        else { $plain += $word }
    }
    $kind = if ($pending) { $values["$path $pending"] }
        elseif ($wordToComplete.StartsWith('-')) { $commands[$path].options }
        else { $commands[$path].arguments }
    $found = switch ($kind) {
        { $_ -in 'names', 'classes' } {
            & $before[0] __complete $kind $registry ($plain + '')[0] 2>$null; break }
        { $_ -in 'files', 'folders' } {
            (Get-ChildItem -Path "$wordToComplete*" -Directory:($kind -eq 'folders')).FullName; break }
        default { $kind -split ' ' }
    }
    $found | Where-Object { $_ -and $_.StartsWith($wordToComplete) } | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
}.GetNewClosure()
"""


def powershell(program: Command) -> str:
    commands, values = [], []
    for command in program.walk():
        path = " ".join(command.words)
        options = " ".join(name for option in command.options for name in option.names)
        arguments = [kind_of(one) for one in command.arguments[:1]]
        below = " ".join(child.words[-1] for child in command.commands)
        commands.append(f"    '{path}' = @{{ options = '{options}'; arguments = '{below or ''.join(arguments)}' }}")
        for option in command.options:
            if option.value:
                values += [f"    '{path} {name}' = '{kind_of(option.value)}'" for name in option.names]
    tables = "$commands = @{\n%s\n}\n$values = @{\n%s\n}\n" % ("\n".join(commands), "\n".join(values))
    return HEAD + tables + POWERSHELL
