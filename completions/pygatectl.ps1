# PowerShell completion of pygatectl, made by `make docs` and by `pygatectl completion`.
$commands = @{
    '' = @{ options = '--registry --version --help -h'; arguments = 'create edit clone delete export import list show start stop restart status is-active wait ping top threads objects stats activity doctor logs stubs shell passphrase completion call object monitor demo help' }
    'create' = @{ options = '--port --host --use-passphrase --no-use-passphrase --passphrase-file --generate-passphrase --log-file --python --python-option --env --cwd --class-path --preload --insecure --no-insecure --use-tls --no-use-tls --tls-certificate --tls-key --tls-ca --tls-host-name --allow --max-connections --max-objects --max-threads --max-frame --memory-limit --open-files --nice --description --tag --connection-timeout --initialization-timeout --heartbeat-interval --heartbeat-failure-timeout --heartbeat-failure-action --heartbeat-failure-retry --alert-command --dry-run --json --registry --help -h'; arguments = '' }
    'edit' = @{ options = '--port --host --use-passphrase --no-use-passphrase --passphrase-file --generate-passphrase --log-file --python --python-option --env --unset-env --cwd --class-path --preload --insecure --no-insecure --use-tls --no-use-tls --tls-certificate --tls-key --tls-ca --tls-host-name --allow --max-connections --max-objects --max-threads --max-frame --memory-limit --open-files --nice --description --tag --connection-timeout --initialization-timeout --heartbeat-interval --heartbeat-failure-timeout --heartbeat-failure-action --heartbeat-failure-retry --alert-command --editor --dry-run --json --registry --help -h'; arguments = 'names' }
    'clone' = @{ options = '--port --dry-run --json --registry --help -h'; arguments = 'names' }
    'delete' = @{ options = '--tag --stop --yes -y --dry-run --json --registry --help -h'; arguments = 'names' }
    'export' = @{ options = '--tag --format --output -o --dry-run --json --registry --help -h'; arguments = 'names' }
    'import' = @{ options = '--format --replace --dry-run --json --registry --help -h'; arguments = 'files' }
    'list' = @{ options = '--tag --json --registry --help -h'; arguments = '' }
    'show' = @{ options = '--command --json --registry --help -h'; arguments = 'names' }
    'start' = @{ options = '--all --tag --timeout --insecure --verbose -v --dry-run --json --registry --help -h'; arguments = 'names' }
    'stop' = @{ options = '--all --tag --timeout --force --dry-run --json --registry --help -h'; arguments = 'names' }
    'restart' = @{ options = '--all --tag --timeout --stop-timeout --force --insecure --verbose -v --dry-run --json --registry --help -h'; arguments = 'names' }
    'status' = @{ options = '--tag --columns --sort --filter --watch --interval --json --registry --help -h'; arguments = 'names' }
    'is-active' = @{ options = '--quiet -q --json --registry --help -h'; arguments = 'names' }
    'wait' = @{ options = '--for --timeout --json --registry --help -h'; arguments = 'names' }
    'ping' = @{ options = '--json --registry --help -h'; arguments = 'names' }
    'top' = @{ options = '--tag --interval --once --sort --json --registry --help -h'; arguments = 'names' }
    'threads' = @{ options = '--json --registry --help -h'; arguments = 'names' }
    'objects' = @{ options = '--json --registry --help -h'; arguments = 'names' }
    'stats' = @{ options = '--format --json --registry --help -h'; arguments = 'names' }
    'activity' = @{ options = '--since --type --follow -f --json --registry --help -h'; arguments = 'names' }
    'doctor' = @{ options = '--fix --dry-run --json --registry --help -h'; arguments = 'names' }
    'logs' = @{ options = '--lines -n --since --log-file --follow -f --json --registry --help -h'; arguments = 'names' }
    'stubs' = @{ options = '--output -o --class-path --force --dry-run --json --registry --help -h'; arguments = 'names' }
    'shell' = @{ options = '--command -c --registry --help -h'; arguments = 'names' }
    'passphrase' = @{ options = '--help -h'; arguments = 'set rotate show-origin' }
    'passphrase set' = @{ options = '--passphrase-file --dry-run --json --registry --help -h'; arguments = 'names' }
    'passphrase rotate' = @{ options = '--to-file --dry-run --json --registry --help -h'; arguments = 'names' }
    'passphrase show-origin' = @{ options = '--json --registry --help -h'; arguments = 'names' }
    'completion' = @{ options = '--dry-run --json --registry --help -h'; arguments = 'install show' }
    'call' = @{ options = '--json --registry --help -h'; arguments = 'names' }
    'object' = @{ options = '--help -h'; arguments = 'new get set call delete list' }
    'object new' = @{ options = '--dry-run --json --registry --help -h'; arguments = 'names' }
    'object get' = @{ options = '--json --registry --help -h'; arguments = 'names' }
    'object set' = @{ options = '--dry-run --json --registry --help -h'; arguments = 'names' }
    'object call' = @{ options = '--json --registry --help -h'; arguments = 'names' }
    'object delete' = @{ options = '--dry-run --json --registry --help -h'; arguments = 'names' }
    'object list' = @{ options = '--json --registry --help -h'; arguments = 'names' }
    'monitor' = @{ options = '--help -h'; arguments = 'start status act stop' }
    'monitor start' = @{ options = '--grace --stay --dry-run --json --registry --help -h'; arguments = 'names' }
    'monitor status' = @{ options = '--json --registry --help -h'; arguments = 'names' }
    'monitor act' = @{ options = '--why --pid --first --alert --flapping --json --registry --help -h'; arguments = 'names' }
    'monitor stop' = @{ options = '--timeout --dry-run --json --registry --help -h'; arguments = 'names' }
    'demo' = @{ options = '--registry --help -h'; arguments = '' }
    'help' = @{ options = '--json --registry --help -h'; arguments = 'ci commands completion connection definitions json systems protocol' }
}
$values = @{
    ' --registry' = 'files'
    'create --port' = 'auto'
    'create --host' = ''
    'create --passphrase-file' = 'files'
    'create --log-file' = 'files'
    'create --python' = 'files'
    'create --python-option' = ''
    'create --env' = ''
    'create --cwd' = 'folders'
    'create --class-path' = 'files'
    'create --preload' = ''
    'create --tls-certificate' = 'files'
    'create --tls-key' = 'files'
    'create --tls-ca' = 'files'
    'create --tls-host-name' = 'names'
    'create --allow' = 'names'
    'create --max-connections' = ''
    'create --max-objects' = ''
    'create --max-threads' = ''
    'create --max-frame' = ''
    'create --memory-limit' = ''
    'create --open-files' = ''
    'create --nice' = ''
    'create --description' = ''
    'create --tag' = ''
    'create --connection-timeout' = ''
    'create --initialization-timeout' = ''
    'create --heartbeat-interval' = ''
    'create --heartbeat-failure-timeout' = ''
    'create --heartbeat-failure-action' = 'N R A RA'
    'create --heartbeat-failure-retry' = ''
    'create --alert-command' = ''
    'create --registry' = 'files'
    'edit --port' = 'auto'
    'edit --host' = ''
    'edit --passphrase-file' = 'files'
    'edit --log-file' = 'files'
    'edit --python' = 'files'
    'edit --python-option' = ''
    'edit --env' = ''
    'edit --unset-env' = ''
    'edit --cwd' = 'folders'
    'edit --class-path' = 'files'
    'edit --preload' = ''
    'edit --tls-certificate' = 'files'
    'edit --tls-key' = 'files'
    'edit --tls-ca' = 'files'
    'edit --tls-host-name' = 'names'
    'edit --allow' = 'names'
    'edit --max-connections' = ''
    'edit --max-objects' = ''
    'edit --max-threads' = ''
    'edit --max-frame' = ''
    'edit --memory-limit' = ''
    'edit --open-files' = ''
    'edit --nice' = ''
    'edit --description' = ''
    'edit --tag' = ''
    'edit --connection-timeout' = ''
    'edit --initialization-timeout' = ''
    'edit --heartbeat-interval' = ''
    'edit --heartbeat-failure-timeout' = ''
    'edit --heartbeat-failure-action' = 'N R A RA'
    'edit --heartbeat-failure-retry' = ''
    'edit --alert-command' = ''
    'edit --registry' = 'files'
    'clone --port' = 'auto'
    'clone --registry' = 'files'
    'delete --tag' = ''
    'delete --registry' = 'files'
    'export --tag' = ''
    'export --format' = 'json toml cpf'
    'export --output' = 'files'
    'export -o' = 'files'
    'export --registry' = 'files'
    'import --format' = 'json toml cpf'
    'import --registry' = 'files'
    'list --tag' = ''
    'list --registry' = 'files'
    'show --registry' = 'files'
    'start --tag' = ''
    'start --timeout' = ''
    'start --registry' = 'files'
    'stop --tag' = ''
    'stop --timeout' = ''
    'stop --registry' = 'files'
    'restart --tag' = ''
    'restart --timeout' = ''
    'restart --stop-timeout' = ''
    'restart --registry' = 'files'
    'status --tag' = ''
    'status --columns' = 'name type host port state pid uptime connections objects threads python version monitor pending tags description note'
    'status --sort' = 'name type host port state pid uptime connections objects threads python version monitor pending tags description note'
    'status --filter' = 'Active Inactive Starting Stopping Failed Unresponsive Foreign'
    'status --interval' = ''
    'status --registry' = 'files'
    'is-active --registry' = 'files'
    'wait --for' = 'active inactive'
    'wait --timeout' = ''
    'wait --registry' = 'files'
    'ping --registry' = 'files'
    'top --tag' = ''
    'top --interval' = ''
    'top --sort' = ''
    'top --registry' = 'files'
    'threads --registry' = 'files'
    'objects --registry' = 'files'
    'stats --format' = 'json prometheus'
    'stats --registry' = 'files'
    'activity --since' = ''
    'activity --type' = ''
    'activity --registry' = 'files'
    'doctor --registry' = 'files'
    'logs --lines' = ''
    'logs -n' = ''
    'logs --since' = ''
    'logs --registry' = 'files'
    'stubs --output' = 'folders'
    'stubs -o' = 'folders'
    'stubs --class-path' = 'files'
    'stubs --registry' = 'files'
    'shell --command' = ''
    'shell -c' = ''
    'shell --registry' = 'files'
    'passphrase set --passphrase-file' = 'files'
    'passphrase set --registry' = 'files'
    'passphrase rotate --to-file' = 'files'
    'passphrase rotate --registry' = 'files'
    'passphrase show-origin --registry' = 'files'
    'completion --registry' = 'files'
    'call --registry' = 'files'
    'object new --registry' = 'files'
    'object get --registry' = 'files'
    'object set --registry' = 'files'
    'object call --registry' = 'files'
    'object delete --registry' = 'files'
    'object list --registry' = 'files'
    'monitor start --grace' = ''
    'monitor start --registry' = 'files'
    'monitor status --registry' = 'files'
    'monitor act --why' = ''
    'monitor act --pid' = ''
    'monitor act --registry' = 'files'
    'monitor stop --timeout' = ''
    'monitor stop --registry' = 'files'
    'demo --registry' = 'files'
    'help --registry' = 'files'
}
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
