# fish completion of pygatectl, made by `make docs` and by `pygatectl completion`.
set -g __pygatectl_below ' create' ' edit' ' clone' ' delete' ' list' ' show' ' start' ' stop' ' restart' ' status' ' is-active' ' wait' ' ping' ' activity' ' logs' ' stubs' ' shell' ' completion' ' demo'
set -g __pygatectl_valued ' --registry' ' create --port' ' create --host' ' create --passphrase-file' ' create --log-file' ' create --python' ' create --python-option' ' create --env' ' create --cwd' ' create --class-path' ' create --connection-timeout' ' create --initialization-timeout' ' create --heartbeat-interval' ' create --heartbeat-failure-timeout' ' create --heartbeat-failure-action' ' create --heartbeat-failure-retry' ' create --registry' ' edit --port' ' edit --host' ' edit --passphrase-file' ' edit --log-file' ' edit --python' ' edit --python-option' ' edit --env' ' edit --unset-env' ' edit --cwd' ' edit --class-path' ' edit --connection-timeout' ' edit --initialization-timeout' ' edit --heartbeat-interval' ' edit --heartbeat-failure-timeout' ' edit --heartbeat-failure-action' ' edit --heartbeat-failure-retry' ' edit --registry' ' clone --port' ' clone --registry' ' delete --registry' ' list --registry' ' show --registry' ' start --timeout' ' start --registry' ' stop --timeout' ' stop --registry' ' restart --timeout' ' restart --stop-timeout' ' restart --registry' ' status --registry' ' is-active --registry' ' wait --for' ' wait --timeout' ' wait --registry' ' ping --registry' ' activity --since' ' activity --registry' ' logs --lines' ' logs -n' ' logs --registry' ' stubs --output' ' stubs -o' ' stubs --class-path' ' stubs --registry' ' shell --command' ' shell -c' ' shell --registry' ' completion --registry' ' demo --registry'

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

# What the program knows: its names, tags, or the classes of the definition that the command names.
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
complete -c pygatectl -n '__pygatectl_at \'\' 0 0' -a create -d 'Create a definition'
complete -c pygatectl -n '__pygatectl_at \'\' 0 0' -a edit -d 'Change any field but the name'
complete -c pygatectl -n '__pygatectl_at \'\' 0 0' -a clone -d 'Copy a definition, its passphrase too, under a new name and port'
complete -c pygatectl -n '__pygatectl_at \'\' 0 0' -a delete -d 'Delete definitions, their passphrases and captured output'
complete -c pygatectl -n '__pygatectl_at \'\' 0 0' -a list -d 'List the definitions, without asking whether their servers run'
complete -c pygatectl -n '__pygatectl_at \'\' 0 0' -a show -d 'Show every field of a definition'
complete -c pygatectl -n '__pygatectl_at \'\' 0 0' -a start -d 'Start servers, and return when each has proved that it is ready'
complete -c pygatectl -n '__pygatectl_at \'\' 0 0' -a stop -d 'Stop servers and all their children: softly, then by force'
complete -c pygatectl -n '__pygatectl_at \'\' 0 0' -a restart -d 'Stop servers if they run, and start them'
complete -c pygatectl -n '__pygatectl_at \'\' 0 0' -a status -d 'Show the state of gateways: of all, or of those named'
complete -c pygatectl -n '__pygatectl_at \'\' 0 0' -a is-active -d 'Print the state of a gateway'
complete -c pygatectl -n '__pygatectl_at \'\' 0 0' -a wait -d 'Wait until a gateway is active, or has no process any more'
complete -c pygatectl -n '__pygatectl_at \'\' 0 0' -a ping -d 'Ping a gateway\'s server, authenticated, and print the round-trip time'
complete -c pygatectl -n '__pygatectl_at \'\' 0 0' -a activity -d 'Show what happened: starts, stops, failures, edits; of all gateways, or those named, deleted ones too'
complete -c pygatectl -n '__pygatectl_at \'\' 0 0' -a logs -d 'Show what a gateway\'s server printed, or with --log-file what it logged'
complete -c pygatectl -n '__pygatectl_at \'\' 0 0' -a stubs -d 'Write stubs (.pyi) of classes, so that an editor completes proxies and a type checker knows them'
complete -c pygatectl -n '__pygatectl_at \'\' 0 0' -a shell -d 'Open a Python session with the gateway connected as `gateway`; Tab completes proxies'
complete -c pygatectl -n '__pygatectl_at \'\' 0 0' -a completion -d 'Install what makes Tab complete commands, options, names and states in a shell; or show it'
complete -c pygatectl -n '__pygatectl_at \'\' 0 0' -a demo -d 'Create, start, use, and stop a gateway, and leave nothing behind'
complete -c pygatectl -n '__pygatectl_at \'\'' -l registry -r -F -d 'The registry file'
complete -c pygatectl -n '__pygatectl_at \'\'' -l version -d 'Print the version and exit'
complete -c pygatectl -n '__pygatectl_at \'\'' -l help -s h -d 'Show this message and exit.'
complete -c pygatectl -n '__pygatectl_at \' create\'' -l port -x -a 'auto' -d 'TCP port, or \'auto\' for a free one'
complete -c pygatectl -n '__pygatectl_at \' create\'' -l host -x -d 'Name or IP address to listen on'
complete -c pygatectl -n '__pygatectl_at \' create\'' -l use-passphrase -l no-use-passphrase -d 'Require a passphrase to connect: asked for without echo, or taken from PYGATECTL_PASSPHRASE'
complete -c pygatectl -n '__pygatectl_at \' create\'' -l passphrase-file -r -F -d 'Use the passphrase in this file (\'-\': standard input)'
complete -c pygatectl -n '__pygatectl_at \' create\'' -l generate-passphrase -d 'Use a strong new passphrase and print it once'
complete -c pygatectl -n '__pygatectl_at \' create\'' -l log-file -r -F -d 'Full path of the server\'s log'
complete -c pygatectl -n '__pygatectl_at \' create\'' -l python -r -F -d 'Interpreter: a full path, or a name in PATH'
complete -c pygatectl -n '__pygatectl_at \' create\'' -l python-option -x -d 'An option of the interpreter, such as -O or --python-option=-Wdefault'
complete -c pygatectl -n '__pygatectl_at \' create\'' -l env -x -d 'An environment variable of the server'
complete -c pygatectl -n '__pygatectl_at \' create\'' -l cwd -x -a '(__fish_complete_directories)' -d 'Working directory'
complete -c pygatectl -n '__pygatectl_at \' create\'' -l class-path -r -F -d 'A module to use: /code/mod.py or /code/pkg.mod.py'
complete -c pygatectl -n '__pygatectl_at \' create\'' -l insecure -l no-insecure -d 'Allow to listen beyond loopback without a passphrase'
complete -c pygatectl -n '__pygatectl_at \' create\'' -l connection-timeout -x -d 'Seconds to connect, 2..300'
complete -c pygatectl -n '__pygatectl_at \' create\'' -l initialization-timeout -x -d 'Seconds to become ready, 2..300'
complete -c pygatectl -n '__pygatectl_at \' create\'' -l heartbeat-interval -x -d 'Monitor: seconds between heartbeats, 0..3600'
complete -c pygatectl -n '__pygatectl_at \' create\'' -l heartbeat-failure-timeout -x -d 'Monitor: seconds until a failure, 0..86400'
complete -c pygatectl -n '__pygatectl_at \' create\'' -l heartbeat-failure-action -x -a 'N R A RA' -d 'Monitor: none, restart, alert, or both, on failure'
complete -c pygatectl -n '__pygatectl_at \' create\'' -l heartbeat-failure-retry -x -d 'Monitor: seconds between retries, 0: never'
complete -c pygatectl -n '__pygatectl_at \' create\'' -l json -d 'Print JSON (schema pygatectl/1), errors too'
complete -c pygatectl -n '__pygatectl_at \' create\'' -l registry -r -F -d 'The registry file, as before the command'
complete -c pygatectl -n '__pygatectl_at \' create\'' -l help -s h -d 'Show this message and exit.'
complete -c pygatectl -n '__pygatectl_at \' edit\' 0 0' -a '(__pygatectl_looked_up names)'
complete -c pygatectl -n '__pygatectl_at \' edit\'' -l port -x -a 'auto' -d 'TCP port, or \'auto\' for a free one'
complete -c pygatectl -n '__pygatectl_at \' edit\'' -l host -x -d 'Name or IP address to listen on'
complete -c pygatectl -n '__pygatectl_at \' edit\'' -l use-passphrase -l no-use-passphrase -d 'Require a passphrase to connect: asked for without echo, or taken from PYGATECTL_PASSPHRASE'
complete -c pygatectl -n '__pygatectl_at \' edit\'' -l passphrase-file -r -F -d 'Use the passphrase in this file (\'-\': standard input)'
complete -c pygatectl -n '__pygatectl_at \' edit\'' -l generate-passphrase -d 'Use a strong new passphrase and print it once'
complete -c pygatectl -n '__pygatectl_at \' edit\'' -l log-file -r -F -d 'Full path of the server\'s log'
complete -c pygatectl -n '__pygatectl_at \' edit\'' -l python -r -F -d 'Interpreter: a full path, or a name in PATH'
complete -c pygatectl -n '__pygatectl_at \' edit\'' -l python-option -x -d 'An option of the interpreter, such as -O or --python-option=-Wdefault'
complete -c pygatectl -n '__pygatectl_at \' edit\'' -l env -x -d 'An environment variable of the server'
complete -c pygatectl -n '__pygatectl_at \' edit\'' -l unset-env -x -d 'Remove an environment variable'
complete -c pygatectl -n '__pygatectl_at \' edit\'' -l cwd -x -a '(__fish_complete_directories)' -d 'Working directory'
complete -c pygatectl -n '__pygatectl_at \' edit\'' -l class-path -r -F -d 'A module to use: /code/mod.py or /code/pkg.mod.py'
complete -c pygatectl -n '__pygatectl_at \' edit\'' -l insecure -l no-insecure -d 'Allow to listen beyond loopback without a passphrase'
complete -c pygatectl -n '__pygatectl_at \' edit\'' -l connection-timeout -x -d 'Seconds to connect, 2..300'
complete -c pygatectl -n '__pygatectl_at \' edit\'' -l initialization-timeout -x -d 'Seconds to become ready, 2..300'
complete -c pygatectl -n '__pygatectl_at \' edit\'' -l heartbeat-interval -x -d 'Monitor: seconds between heartbeats, 0..3600'
complete -c pygatectl -n '__pygatectl_at \' edit\'' -l heartbeat-failure-timeout -x -d 'Monitor: seconds until a failure, 0..86400'
complete -c pygatectl -n '__pygatectl_at \' edit\'' -l heartbeat-failure-action -x -a 'N R A RA' -d 'Monitor: none, restart, alert, or both, on failure'
complete -c pygatectl -n '__pygatectl_at \' edit\'' -l heartbeat-failure-retry -x -d 'Monitor: seconds between retries, 0: never'
complete -c pygatectl -n '__pygatectl_at \' edit\'' -l json -d 'Print JSON (schema pygatectl/1), errors too'
complete -c pygatectl -n '__pygatectl_at \' edit\'' -l registry -r -F -d 'The registry file, as before the command'
complete -c pygatectl -n '__pygatectl_at \' edit\'' -l help -s h -d 'Show this message and exit.'
complete -c pygatectl -n '__pygatectl_at \' clone\' 0 0' -a '(__pygatectl_looked_up names)'
complete -c pygatectl -n '__pygatectl_at \' clone\'' -l port -x -a 'auto' -d 'TCP port, or \'auto\' for a free one'
complete -c pygatectl -n '__pygatectl_at \' clone\'' -l json -d 'Print JSON (schema pygatectl/1), errors too'
complete -c pygatectl -n '__pygatectl_at \' clone\'' -l registry -r -F -d 'The registry file, as before the command'
complete -c pygatectl -n '__pygatectl_at \' clone\'' -l help -s h -d 'Show this message and exit.'
complete -c pygatectl -n '__pygatectl_at \' delete\' 0 999' -a '(__pygatectl_looked_up names)'
complete -c pygatectl -n '__pygatectl_at \' delete\'' -l stop -d 'Stop servers that run first'
complete -c pygatectl -n '__pygatectl_at \' delete\'' -l yes -s y -d 'Ask nothing'
complete -c pygatectl -n '__pygatectl_at \' delete\'' -l json -d 'Print JSON (schema pygatectl/1), errors too'
complete -c pygatectl -n '__pygatectl_at \' delete\'' -l registry -r -F -d 'The registry file, as before the command'
complete -c pygatectl -n '__pygatectl_at \' delete\'' -l help -s h -d 'Show this message and exit.'
complete -c pygatectl -n '__pygatectl_at \' list\'' -l json -d 'Print JSON (schema pygatectl/1), errors too'
complete -c pygatectl -n '__pygatectl_at \' list\'' -l registry -r -F -d 'The registry file, as before the command'
complete -c pygatectl -n '__pygatectl_at \' list\'' -l help -s h -d 'Show this message and exit.'
complete -c pygatectl -n '__pygatectl_at \' show\' 0 0' -a '(__pygatectl_looked_up names)'
complete -c pygatectl -n '__pygatectl_at \' show\'' -l command -d 'Print only the command line that a start would run'
complete -c pygatectl -n '__pygatectl_at \' show\'' -l json -d 'Print JSON (schema pygatectl/1), errors too'
complete -c pygatectl -n '__pygatectl_at \' show\'' -l registry -r -F -d 'The registry file, as before the command'
complete -c pygatectl -n '__pygatectl_at \' show\'' -l help -s h -d 'Show this message and exit.'
complete -c pygatectl -n '__pygatectl_at \' start\' 0 999' -a '(__pygatectl_looked_up names)'
complete -c pygatectl -n '__pygatectl_at \' start\'' -l all -d 'Every definition of this machine'
complete -c pygatectl -n '__pygatectl_at \' start\'' -l timeout -x -d 'Seconds to become ready'
complete -c pygatectl -n '__pygatectl_at \' start\'' -l insecure -d 'Listen beyond loopback without a passphrase, this time'
complete -c pygatectl -n '__pygatectl_at \' start\'' -l verbose -s v -d 'Show the command and where its output goes'
complete -c pygatectl -n '__pygatectl_at \' start\'' -l json -d 'Print JSON (schema pygatectl/1), errors too'
complete -c pygatectl -n '__pygatectl_at \' start\'' -l registry -r -F -d 'The registry file, as before the command'
complete -c pygatectl -n '__pygatectl_at \' start\'' -l help -s h -d 'Show this message and exit.'
complete -c pygatectl -n '__pygatectl_at \' stop\' 0 999' -a '(__pygatectl_looked_up names)'
complete -c pygatectl -n '__pygatectl_at \' stop\'' -l all -d 'Every definition of this machine'
complete -c pygatectl -n '__pygatectl_at \' stop\'' -l timeout -x -d 'Seconds for a soft stop, before it is killed'
complete -c pygatectl -n '__pygatectl_at \' stop\'' -l force -d 'Kill at once, without a soft stop'
complete -c pygatectl -n '__pygatectl_at \' stop\'' -l json -d 'Print JSON (schema pygatectl/1), errors too'
complete -c pygatectl -n '__pygatectl_at \' stop\'' -l registry -r -F -d 'The registry file, as before the command'
complete -c pygatectl -n '__pygatectl_at \' stop\'' -l help -s h -d 'Show this message and exit.'
complete -c pygatectl -n '__pygatectl_at \' restart\' 0 999' -a '(__pygatectl_looked_up names)'
complete -c pygatectl -n '__pygatectl_at \' restart\'' -l all -d 'Every definition of this machine'
complete -c pygatectl -n '__pygatectl_at \' restart\'' -l timeout -x -d 'Seconds to become ready'
complete -c pygatectl -n '__pygatectl_at \' restart\'' -l stop-timeout -x -d 'Seconds for a soft stop, before it is killed'
complete -c pygatectl -n '__pygatectl_at \' restart\'' -l force -d 'Kill at once, without a soft stop'
complete -c pygatectl -n '__pygatectl_at \' restart\'' -l insecure -d 'Listen beyond loopback without a passphrase, this time'
complete -c pygatectl -n '__pygatectl_at \' restart\'' -l verbose -s v -d 'Show the command and where its output goes'
complete -c pygatectl -n '__pygatectl_at \' restart\'' -l json -d 'Print JSON (schema pygatectl/1), errors too'
complete -c pygatectl -n '__pygatectl_at \' restart\'' -l registry -r -F -d 'The registry file, as before the command'
complete -c pygatectl -n '__pygatectl_at \' restart\'' -l help -s h -d 'Show this message and exit.'
complete -c pygatectl -n '__pygatectl_at \' status\' 0 999' -a '(__pygatectl_looked_up names)'
complete -c pygatectl -n '__pygatectl_at \' status\'' -l json -d 'Print JSON (schema pygatectl/1), errors too'
complete -c pygatectl -n '__pygatectl_at \' status\'' -l registry -r -F -d 'The registry file, as before the command'
complete -c pygatectl -n '__pygatectl_at \' status\'' -l help -s h -d 'Show this message and exit.'
complete -c pygatectl -n '__pygatectl_at \' is-active\' 0 0' -a '(__pygatectl_looked_up names)'
complete -c pygatectl -n '__pygatectl_at \' is-active\'' -l quiet -s q -d 'Print nothing; the exit code tells'
complete -c pygatectl -n '__pygatectl_at \' is-active\'' -l json -d 'Print JSON (schema pygatectl/1), errors too'
complete -c pygatectl -n '__pygatectl_at \' is-active\'' -l registry -r -F -d 'The registry file, as before the command'
complete -c pygatectl -n '__pygatectl_at \' is-active\'' -l help -s h -d 'Show this message and exit.'
complete -c pygatectl -n '__pygatectl_at \' wait\' 0 0' -a '(__pygatectl_looked_up names)'
complete -c pygatectl -n '__pygatectl_at \' wait\'' -l for -x -a 'active inactive' -d 'What to wait for'
complete -c pygatectl -n '__pygatectl_at \' wait\'' -l timeout -x -d 'Give up after so many seconds, with exit code 1'
complete -c pygatectl -n '__pygatectl_at \' wait\'' -l json -d 'Print JSON (schema pygatectl/1), errors too'
complete -c pygatectl -n '__pygatectl_at \' wait\'' -l registry -r -F -d 'The registry file, as before the command'
complete -c pygatectl -n '__pygatectl_at \' wait\'' -l help -s h -d 'Show this message and exit.'
complete -c pygatectl -n '__pygatectl_at \' ping\' 0 0' -a '(__pygatectl_looked_up names)'
complete -c pygatectl -n '__pygatectl_at \' ping\'' -l json -d 'Print JSON (schema pygatectl/1), errors too'
complete -c pygatectl -n '__pygatectl_at \' ping\'' -l registry -r -F -d 'The registry file, as before the command'
complete -c pygatectl -n '__pygatectl_at \' ping\'' -l help -s h -d 'Show this message and exit.'
complete -c pygatectl -n '__pygatectl_at \' activity\' 0 999' -a '(__pygatectl_looked_up names)'
complete -c pygatectl -n '__pygatectl_at \' activity\'' -l since -x -d 'How far back, as 90s, 15m, 2h, 3d'
complete -c pygatectl -n '__pygatectl_at \' activity\'' -l follow -s f -d 'Go on with what is added, until interrupted'
complete -c pygatectl -n '__pygatectl_at \' activity\'' -l json -d 'Print JSON (schema pygatectl/1), errors too'
complete -c pygatectl -n '__pygatectl_at \' activity\'' -l registry -r -F -d 'The registry file, as before the command'
complete -c pygatectl -n '__pygatectl_at \' activity\'' -l help -s h -d 'Show this message and exit.'
complete -c pygatectl -n '__pygatectl_at \' logs\' 0 0' -a '(__pygatectl_looked_up names)'
complete -c pygatectl -n '__pygatectl_at \' logs\'' -l lines -s n -x -d 'How many of the last lines'
complete -c pygatectl -n '__pygatectl_at \' logs\'' -l log-file -d 'The definition\'s log file, in place of the server\'s own output'
complete -c pygatectl -n '__pygatectl_at \' logs\'' -l follow -s f -d 'Go on with what is added, until interrupted'
complete -c pygatectl -n '__pygatectl_at \' logs\'' -l json -d 'Print JSON (schema pygatectl/1), errors too'
complete -c pygatectl -n '__pygatectl_at \' logs\'' -l registry -r -F -d 'The registry file, as before the command'
complete -c pygatectl -n '__pygatectl_at \' logs\'' -l help -s h -d 'Show this message and exit.'
complete -c pygatectl -n '__pygatectl_at \' stubs\' 0 0' -a '(__pygatectl_looked_up names)'
complete -c pygatectl -n '__pygatectl_at \' stubs\' 1 999' -a '(__pygatectl_looked_up classes)'
complete -c pygatectl -n '__pygatectl_at \' stubs\'' -l output -s o -x -a '(__fish_complete_directories)' -d 'Where the files go; - is standard output'
complete -c pygatectl -n '__pygatectl_at \' stubs\'' -l class-path -r -F -d 'A module or folder that the server is to know first'
complete -c pygatectl -n '__pygatectl_at \' stubs\'' -l force -d 'Replace files that this command did not make'
complete -c pygatectl -n '__pygatectl_at \' stubs\'' -l json -d 'Print JSON (schema pygatectl/1), errors too'
complete -c pygatectl -n '__pygatectl_at \' stubs\'' -l registry -r -F -d 'The registry file, as before the command'
complete -c pygatectl -n '__pygatectl_at \' stubs\'' -l help -s h -d 'Show this message and exit.'
complete -c pygatectl -n '__pygatectl_at \' shell\' 0 0' -a '(__pygatectl_looked_up names)'
complete -c pygatectl -n '__pygatectl_at \' shell\'' -l command -s c -x -d 'Run this code in place of a session'
complete -c pygatectl -n '__pygatectl_at \' shell\'' -l registry -r -F -d 'The registry file, as before the command'
complete -c pygatectl -n '__pygatectl_at \' shell\'' -l help -s h -d 'Show this message and exit.'
complete -c pygatectl -n '__pygatectl_at \' completion\' 0 0' -a 'install show'
complete -c pygatectl -n '__pygatectl_at \' completion\' 1 1' -a 'bash zsh fish powershell'
complete -c pygatectl -n '__pygatectl_at \' completion\'' -l dry-run -d 'Say what would be done, and change nothing'
complete -c pygatectl -n '__pygatectl_at \' completion\'' -l json -d 'Print JSON (schema pygatectl/1), errors too'
complete -c pygatectl -n '__pygatectl_at \' completion\'' -l registry -r -F -d 'The registry file, as before the command'
complete -c pygatectl -n '__pygatectl_at \' completion\'' -l help -s h -d 'Show this message and exit.'
complete -c pygatectl -n '__pygatectl_at \' demo\'' -l registry -r -F -d 'The registry file, as before the command'
complete -c pygatectl -n '__pygatectl_at \' demo\'' -l help -s h -d 'Show this message and exit.'
