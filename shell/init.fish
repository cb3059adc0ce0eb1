# The function for fish: it evaluates what the program prints, and does without the program where a saved session lives.

# With the scopes of the caller (-S), since one of them may hold a variable that has to go.
function __mfa_env_cmd -S
    # Secrets pass through here, and are not traced; this ends with the function.
    set -l fish_trace
    set -l mfa_word
    set -l mfa_first
    set -l mfa_is_value
    for mfa_word in $argv
        if set -q mfa_is_value[1]
            set mfa_is_value
            continue
        end
        switch $mfa_word
            case --
                break
            case --format '--format=*' --shell '--shell=*' --print --help --version
                __mfa_env_program $argv
                return
            case -
                set -q mfa_first[1]; or set mfa_first $mfa_word
            case '-*'
                if string match -qr -- '\A-(?!-).*h' $mfa_word
                    __mfa_env_program $argv
                    return
                end
                if builtin contains -- $mfa_word MFA_ENV_VALUE_OPTIONS
                    set mfa_is_value 1
                end
            case '*'
                set -q mfa_first[1]; or set mfa_first $mfa_word
        end
        if builtin contains -- "$mfa_first" MFA_ENV_COMMANDS
            __mfa_env_program $argv
            return
        end
    end
    if set -q argv[2]; or string match -qr -- '\A(?:-|[0-9]{6}\z|unset\z)' "$argv[1]"
        set mfa_first
    else if not set -q argv[1]; and __mfa_env_is_exported AWS_PROFILE MFA_ENV_PROFILE
        set mfa_first $AWS_PROFILE
        test -n "$mfa_first"; or set mfa_first $MFA_ENV_PROFILE
    end
    # It checks the form of the name. In a folder of direnv's `use mfa_env` the program lets direnv undo on leaving what is changed.
    if test -n "$mfa_first"; and test -z "$MFA_ENV_DIRENV"
        __mfa_env_load $mfa_first
        switch $status
            case 0
                __mfa_env_uncover
                return 0
            case 2
                return 1
        end
    end
    # A pipe rather than (…), so that the program has the standard input and the terminal of the function.
    set -l mfa_statements
    __mfa_env_program --shell fish $argv | read -z mfa_statements
    set -l mfa_status $pipestatus[1]
    string match -q -- '*set -eg AWS_PROFILE;*' "$mfa_statements"; and __mfa_env_uncover
    eval "$mfa_statements"
    set -l mfa_evaluated $status
    test $mfa_status = 0; or return $mfa_status
    return $mfa_evaluated
end

# Erases what would send a tool to another identity where it stands before the call, or is local to a block or a function: the
# statements erase global variables alone.
function __mfa_env_uncover -S
    set -l mfa_field
    for mfa_field in MFA_ENV_MISLEADING
        while set -qlx $mfa_field; and set -el $mfa_field
        end
    end
    return 0
end

function __mfa_env_program
    # The quotes are for odd paths, and the empty variable keeps fish_indent from taking them away.
    set -l mfa_nothing ''
    set -l mfa_node 'MFA_ENV_NODE'$mfa_nothing
    set -l mfa_program 'MFA_ENV_PROGRAM'$mfa_nothing
    if test -x $mfa_node -a -r $mfa_program
        MFA_ENV_FUNCTION='MFA_ENV_VERSION' command $mfa_node $mfa_program $argv
    else
        MFA_ENV_FUNCTION='MFA_ENV_VERSION' command mfa-env $argv
    end
end
