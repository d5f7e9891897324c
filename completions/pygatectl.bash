# bash completion of pygatectl, made by `make docs` and by `pygatectl completion`.
_pygatectl() {
    local program=${COMP_WORDS[0]/#\~/$HOME} current=${COMP_WORDS[COMP_CWORD]} path='' pending='' registry='' name=''
    local word index position=0 rest='' kind=''
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
            local IFS=$'\n'
            _pygatectl_words "$("$program" __complete "$kind" "$registry" "$name" 2> /dev/null)" ;;
        files) compopt -o filenames 2> /dev/null; COMPREPLY=($(compgen -f -- "$current")) ;;
        folders) compopt -o filenames 2> /dev/null; COMPREPLY=($(compgen -d -- "$current")) ;;
        *) _pygatectl_words "$kind" ;;
    esac
}

_pygatectl_words() {
    local IFS=$' \n'
    COMPREPLY=($(compgen -W "$1" -- "$current"))
}

# Whether a command stands below another.
_pygatectl_below() {
    case "$1 $2" in
        " create" | " edit" | " clone" | " delete" | " export" | " import" | " list" | " show" | " start" | " stop" | " restart" | " status" | " is-active" | " wait" | " ping" | " top" | " threads" | " objects" | " stats" | " activity" | " doctor" | " logs" | " stubs" | " shell" | " passphrase" | " completion" | " call" | " object" | " monitor" | " demo" | " help" | "passphrase set" | "passphrase rotate" | "passphrase show-origin" | "object new" | "object get" | "object set" | "object call" | "object delete" | "object list" | "monitor start" | "monitor status" | "monitor act" | "monitor stop") return 0 ;;
    esac
    return 1
}

# The options of a command.
_pygatectl_options() {
    case $1 in
        "") echo "--registry --version --help -h" ;;
        "create") echo "--port --host --use-passphrase --no-use-passphrase --passphrase-file --generate-passphrase --log-file --python --python-option --env --cwd --class-path --preload --insecure --no-insecure --use-tls --no-use-tls --tls-certificate --tls-key --tls-ca --tls-host-name --allow --max-connections --max-objects --max-threads --max-frame --memory-limit --open-files --nice --description --tag --connection-timeout --initialization-timeout --heartbeat-interval --heartbeat-failure-timeout --heartbeat-failure-action --heartbeat-failure-retry --alert-command --dry-run --json --registry --help -h" ;;
        "edit") echo "--port --host --use-passphrase --no-use-passphrase --passphrase-file --generate-passphrase --log-file --python --python-option --env --unset-env --cwd --class-path --preload --insecure --no-insecure --use-tls --no-use-tls --tls-certificate --tls-key --tls-ca --tls-host-name --allow --max-connections --max-objects --max-threads --max-frame --memory-limit --open-files --nice --description --tag --connection-timeout --initialization-timeout --heartbeat-interval --heartbeat-failure-timeout --heartbeat-failure-action --heartbeat-failure-retry --alert-command --editor --dry-run --json --registry --help -h" ;;
        "clone") echo "--port --dry-run --json --registry --help -h" ;;
        "delete") echo "--tag --stop --yes -y --dry-run --json --registry --help -h" ;;
        "export") echo "--tag --format --output -o --dry-run --json --registry --help -h" ;;
        "import") echo "--format --replace --dry-run --json --registry --help -h" ;;
        "list") echo "--tag --json --registry --help -h" ;;
        "show") echo "--command --json --registry --help -h" ;;
        "start") echo "--all --tag --timeout --insecure --verbose -v --dry-run --json --registry --help -h" ;;
        "stop") echo "--all --tag --timeout --force --dry-run --json --registry --help -h" ;;
        "restart") echo "--all --tag --timeout --stop-timeout --force --insecure --verbose -v --dry-run --json --registry --help -h" ;;
        "status") echo "--tag --columns --sort --filter --watch --interval --json --registry --help -h" ;;
        "is-active") echo "--quiet -q --json --registry --help -h" ;;
        "wait") echo "--for --timeout --json --registry --help -h" ;;
        "ping") echo "--json --registry --help -h" ;;
        "top") echo "--tag --interval --once --sort --json --registry --help -h" ;;
        "threads") echo "--json --registry --help -h" ;;
        "objects") echo "--json --registry --help -h" ;;
        "stats") echo "--format --json --registry --help -h" ;;
        "activity") echo "--since --type --follow -f --json --registry --help -h" ;;
        "doctor") echo "--fix --dry-run --json --registry --help -h" ;;
        "logs") echo "--lines -n --since --log-file --follow -f --json --registry --help -h" ;;
        "stubs") echo "--output -o --class-path --force --dry-run --json --registry --help -h" ;;
        "shell") echo "--command -c --registry --help -h" ;;
        "passphrase") echo "--help -h" ;;
        "passphrase set") echo "--passphrase-file --dry-run --json --registry --help -h" ;;
        "passphrase rotate") echo "--to-file --dry-run --json --registry --help -h" ;;
        "passphrase show-origin") echo "--json --registry --help -h" ;;
        "completion") echo "--dry-run --json --registry --help -h" ;;
        "call") echo "--json --registry --help -h" ;;
        "object") echo "--help -h" ;;
        "object new") echo "--dry-run --json --registry --help -h" ;;
        "object get") echo "--json --registry --help -h" ;;
        "object set") echo "--dry-run --json --registry --help -h" ;;
        "object call") echo "--json --registry --help -h" ;;
        "object delete") echo "--dry-run --json --registry --help -h" ;;
        "object list") echo "--json --registry --help -h" ;;
        "monitor") echo "--help -h" ;;
        "monitor start") echo "--grace --stay --dry-run --json --registry --help -h" ;;
        "monitor status") echo "--json --registry --help -h" ;;
        "monitor act") echo "--why --pid --first --alert --flapping --json --registry --help -h" ;;
        "monitor stop") echo "--timeout --dry-run --json --registry --help -h" ;;
        "demo") echo "--registry --help -h" ;;
        "help") echo "--json --registry --help -h" ;;
    esac
}

# Whether an option takes a value; `kind` is then what it is.
_pygatectl_value() {
    kind=''
    case "$1 $2" in
        " --registry") kind='files' ;;
        "create --port") kind='auto' ;;
        "create --host") kind='' ;;
        "create --passphrase-file") kind='files' ;;
        "create --log-file") kind='files' ;;
        "create --python") kind='files' ;;
        "create --python-option") kind='' ;;
        "create --env") kind='' ;;
        "create --cwd") kind='folders' ;;
        "create --class-path") kind='files' ;;
        "create --preload") kind='' ;;
        "create --tls-certificate") kind='files' ;;
        "create --tls-key") kind='files' ;;
        "create --tls-ca") kind='files' ;;
        "create --tls-host-name") kind='names' ;;
        "create --allow") kind='names' ;;
        "create --max-connections") kind='' ;;
        "create --max-objects") kind='' ;;
        "create --max-threads") kind='' ;;
        "create --max-frame") kind='' ;;
        "create --memory-limit") kind='' ;;
        "create --open-files") kind='' ;;
        "create --nice") kind='' ;;
        "create --description") kind='' ;;
        "create --tag") kind='' ;;
        "create --connection-timeout") kind='' ;;
        "create --initialization-timeout") kind='' ;;
        "create --heartbeat-interval") kind='' ;;
        "create --heartbeat-failure-timeout") kind='' ;;
        "create --heartbeat-failure-action") kind='N R A RA' ;;
        "create --heartbeat-failure-retry") kind='' ;;
        "create --alert-command") kind='' ;;
        "create --registry") kind='files' ;;
        "edit --port") kind='auto' ;;
        "edit --host") kind='' ;;
        "edit --passphrase-file") kind='files' ;;
        "edit --log-file") kind='files' ;;
        "edit --python") kind='files' ;;
        "edit --python-option") kind='' ;;
        "edit --env") kind='' ;;
        "edit --unset-env") kind='' ;;
        "edit --cwd") kind='folders' ;;
        "edit --class-path") kind='files' ;;
        "edit --preload") kind='' ;;
        "edit --tls-certificate") kind='files' ;;
        "edit --tls-key") kind='files' ;;
        "edit --tls-ca") kind='files' ;;
        "edit --tls-host-name") kind='names' ;;
        "edit --allow") kind='names' ;;
        "edit --max-connections") kind='' ;;
        "edit --max-objects") kind='' ;;
        "edit --max-threads") kind='' ;;
        "edit --max-frame") kind='' ;;
        "edit --memory-limit") kind='' ;;
        "edit --open-files") kind='' ;;
        "edit --nice") kind='' ;;
        "edit --description") kind='' ;;
        "edit --tag") kind='' ;;
        "edit --connection-timeout") kind='' ;;
        "edit --initialization-timeout") kind='' ;;
        "edit --heartbeat-interval") kind='' ;;
        "edit --heartbeat-failure-timeout") kind='' ;;
        "edit --heartbeat-failure-action") kind='N R A RA' ;;
        "edit --heartbeat-failure-retry") kind='' ;;
        "edit --alert-command") kind='' ;;
        "edit --registry") kind='files' ;;
        "clone --port") kind='auto' ;;
        "clone --registry") kind='files' ;;
        "delete --tag") kind='' ;;
        "delete --registry") kind='files' ;;
        "export --tag") kind='' ;;
        "export --format") kind='json toml cpf' ;;
        "export --output" | "export -o") kind='files' ;;
        "export --registry") kind='files' ;;
        "import --format") kind='json toml cpf' ;;
        "import --registry") kind='files' ;;
        "list --tag") kind='' ;;
        "list --registry") kind='files' ;;
        "show --registry") kind='files' ;;
        "start --tag") kind='' ;;
        "start --timeout") kind='' ;;
        "start --registry") kind='files' ;;
        "stop --tag") kind='' ;;
        "stop --timeout") kind='' ;;
        "stop --registry") kind='files' ;;
        "restart --tag") kind='' ;;
        "restart --timeout") kind='' ;;
        "restart --stop-timeout") kind='' ;;
        "restart --registry") kind='files' ;;
        "status --tag") kind='' ;;
        "status --columns") kind='name type host port state pid uptime connections objects threads python version monitor pending tags description note' ;;
        "status --sort") kind='name type host port state pid uptime connections objects threads python version monitor pending tags description note' ;;
        "status --filter") kind='Active Inactive Starting Stopping Failed Unresponsive Foreign' ;;
        "status --interval") kind='' ;;
        "status --registry") kind='files' ;;
        "is-active --registry") kind='files' ;;
        "wait --for") kind='active inactive' ;;
        "wait --timeout") kind='' ;;
        "wait --registry") kind='files' ;;
        "ping --registry") kind='files' ;;
        "top --tag") kind='' ;;
        "top --interval") kind='' ;;
        "top --sort") kind='' ;;
        "top --registry") kind='files' ;;
        "threads --registry") kind='files' ;;
        "objects --registry") kind='files' ;;
        "stats --format") kind='json prometheus' ;;
        "stats --registry") kind='files' ;;
        "activity --since") kind='' ;;
        "activity --type") kind='' ;;
        "activity --registry") kind='files' ;;
        "doctor --registry") kind='files' ;;
        "logs --lines" | "logs -n") kind='' ;;
        "logs --since") kind='' ;;
        "logs --registry") kind='files' ;;
        "stubs --output" | "stubs -o") kind='folders' ;;
        "stubs --class-path") kind='files' ;;
        "stubs --registry") kind='files' ;;
        "shell --command" | "shell -c") kind='' ;;
        "shell --registry") kind='files' ;;
        "passphrase set --passphrase-file") kind='files' ;;
        "passphrase set --registry") kind='files' ;;
        "passphrase rotate --to-file") kind='files' ;;
        "passphrase rotate --registry") kind='files' ;;
        "passphrase show-origin --registry") kind='files' ;;
        "completion --registry") kind='files' ;;
        "call --registry") kind='files' ;;
        "object new --registry") kind='files' ;;
        "object get --registry") kind='files' ;;
        "object set --registry") kind='files' ;;
        "object call --registry") kind='files' ;;
        "object delete --registry") kind='files' ;;
        "object list --registry") kind='files' ;;
        "monitor start --grace") kind='' ;;
        "monitor start --registry") kind='files' ;;
        "monitor status --registry") kind='files' ;;
        "monitor act --why") kind='' ;;
        "monitor act --pid") kind='' ;;
        "monitor act --registry") kind='files' ;;
        "monitor stop --timeout") kind='' ;;
        "monitor stop --registry") kind='files' ;;
        "demo --registry") kind='files' ;;
        "help --registry") kind='files' ;;
        *) return 1 ;;
    esac
}

# What the argument at a position is, as `kind`.
_pygatectl_argument() {
    kind=''
    case "$1 $2" in
        " 0") kind='create edit clone delete export import list show start stop restart status is-active wait ping top threads objects stats activity doctor logs stubs shell passphrase completion call object monitor demo help' ;;
        "edit 0") kind='names' ;;
        "clone 0") kind='names' ;;
        "import 0") kind='files' ;;
        "show 0") kind='names' ;;
        "is-active 0") kind='names' ;;
        "wait 0") kind='names' ;;
        "ping 0") kind='names' ;;
        "threads 0") kind='names' ;;
        "objects 0") kind='names' ;;
        "logs 0") kind='names' ;;
        "stubs 0") kind='names' ;;
        "shell 0") kind='names' ;;
        "passphrase 0") kind='set rotate show-origin' ;;
        "passphrase set 0") kind='names' ;;
        "passphrase rotate 0") kind='names' ;;
        "passphrase show-origin 0") kind='names' ;;
        "completion 0") kind='install show' ;;
        "completion 1") kind='bash zsh fish powershell' ;;
        "call 0") kind='names' ;;
        "object 0") kind='new get set call delete list' ;;
        "object new 0") kind='names' ;;
        "object new 1") kind='classes' ;;
        "object get 0") kind='names' ;;
        "object set 0") kind='names' ;;
        "object call 0") kind='names' ;;
        "object delete 0") kind='names' ;;
        "object list 0") kind='names' ;;
        "monitor 0") kind='start status act stop' ;;
        "monitor start 0") kind='names' ;;
        "monitor act 0") kind='names' ;;
        "monitor stop 0") kind='names' ;;
        "delete "[0-9]*) kind='names' ;;
        "export "[0-9]*) kind='names' ;;
        "start "[0-9]*) kind='names' ;;
        "stop "[0-9]*) kind='names' ;;
        "restart "[0-9]*) kind='names' ;;
        "status "[0-9]*) kind='names' ;;
        "top "[0-9]*) kind='names' ;;
        "stats "[0-9]*) kind='names' ;;
        "activity "[0-9]*) kind='names' ;;
        "doctor "[0-9]*) kind='names' ;;
        "stubs "*) kind='classes' ;;
        "monitor status "[0-9]*) kind='names' ;;
        "help "[0-9]*) kind='ci commands completion connection definitions json systems protocol' ;;
    esac
}

complete -F _pygatectl pygatectl
