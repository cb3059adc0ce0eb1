# Before each prompt: a session that another terminal has renewed is taken over, once this shell's own is near its end.
#
# It keeps what it knows in three small functions, which it defines anew, since a variable of its own would be in the user's way.

function __mfa_env_hook --on-event fish_prompt
    test -n "$AWS_CREDENTIAL_EXPIRATION" -a -n "$MFA_ENV_PROFILE"; or return 0
    test -z "$AWS_PROFILE"; or __mfa_env_was_warned; or __mfa_env_warn
    __mfa_env_is_far; or __mfa_env_follow
end

# Whether the session has more than five minutes, as __mfa_env_follow found.
function __mfa_env_is_far
    return 1
end

# EXPIRY: whether the user has been told of this session's end.
function __mfa_env_was_told
    return 1
end

# EXPIRY:PROFILE: whether the keys are still those that __mfa_env_follow saw with it: others were put in by hand.
function __mfa_env_is_same
    return 0
end

# Whether the user has been told that AWS_PROFILE is back.
function __mfa_env_was_warned
    return 1
end

# Says once that AWS_PROFILE is back, in a session that has keys.
function __mfa_env_warn
    set -l fish_trace
    test -n "$AWS_ACCESS_KEY_ID" -a -n "$AWS_SESSION_TOKEN"; and __mfa_env_is_name "$MFA_ENV_PROFILE"; or return 0
    function __mfa_env_was_warned
        return 0
    end
    builtin printf 'mfa-env: AWS_PROFILE is set next to the session of %s, and some tools use it instead: set -e AWS_PROFILE\n' $MFA_ENV_PROFILE >&2
end

# What leads to the AWS files: with other files, the same name is another client's profile.
function __mfa_env_files
    builtin printf '%s\n' "$HOME" "$AWS_SHARED_CREDENTIALS_FILE" "$AWS_CONFIG_FILE"
end

# FILES…: whether these lead to the files of the session that the shell has; at first, of the one that it was born with.
set -l mfa_files (__mfa_env_files)
function __mfa_env_is_here -V mfa_files
    test "$argv" = "$mfa_files"
end

function __mfa_env_follow
    set -l fish_trace
    set -l mfa_expiry "$AWS_CREDENTIAL_EXPIRATION"
    set -l mfa_profile "$MFA_ENV_PROFILE"
    set -l mfa_left
    # Next to these the shell may be another tool's, or the user's own choice.
    test -z "$AWS_PROFILE$AWS_DEFAULT_PROFILE$AWS_VAULT$AWSUME_PROFILE"; or return 0
    test -z "$AWS_ACCESS_KEY_ID" -o -n "$AWS_SESSION_TOKEN"; and __mfa_env_is_name "$mfa_profile"; and __mfa_env_is_same "$mfa_expiry:$mfa_profile"; or return 0
    __mfa_env_left "$mfa_expiry"; or return 0
    if test $mfa_left -gt 300
        __mfa_env_remember
        return 0
    end
    set -l mfa_loaded 1
    if __mfa_env_is_here (__mfa_env_files)
        __mfa_env_load "$mfa_profile" "$mfa_expiry"
        set mfa_loaded $status
    end
    test $mfa_loaded = 2; or test $mfa_loaded = 1 -a $mfa_left -le 0; or return 0
    __mfa_env_was_told "$mfa_expiry"; and return 0
    function __mfa_env_was_told -V mfa_expiry
        test "$argv[1]" = "$mfa_expiry"
    end
    if test $mfa_loaded = 1
        builtin printf 'mfa-env: the session of %s has expired: type __mfa_env_cmd %s\n' $mfa_profile (string escape -- $mfa_profile) >&2
    else
        builtin printf 'mfa-env: the renewed session of %s is in this shell in part only: one of its variables cannot be set\n' $mfa_profile >&2
    end
end

# mfa_expiry, mfa_left → __mfa_env_is_here, __mfa_env_is_same, by the end of the id, and __mfa_env_is_far, by what grows with time: the system's
# own age, or that of a folder which hardly changes. Each is written out, since another function or a switch would take as
# long again.
function __mfa_env_remember -S
    set -l mfa_files (__mfa_env_files)
    function __mfa_env_is_here -V mfa_files
        test "$argv" = "$mfa_files"
    end
    set -l mfa_end "$(string sub -s -4 -- "$AWS_ACCESS_KEY_ID")"
    function __mfa_env_is_same -V mfa_expiry -V mfa_profile -V mfa_end
        test "$argv[1]" != "$mfa_expiry:$mfa_profile" -o "$(string sub -s -4 -- "$AWS_ACCESS_KEY_ID")" = "$mfa_end"
    end
    set -l mfa_since ''
    set -l mfa_rest
    if test -r /proc/uptime
        read -d . mfa_since mfa_rest </proc/uptime
        string match -qr -- '\A[0-9]{1,15}\z' "$mfa_since"; or return 0
        set -l mfa_until (builtin math $mfa_since + $mfa_left - 300)
        function __mfa_env_is_far -V mfa_expiry -V mfa_until
            test "$AWS_CREDENTIAL_EXPIRATION" = "$mfa_expiry"; and read -l -d . mfa_age mfa_rest </proc/uptime
            and test "$mfa_age" -lt $mfa_until
        end
    else if builtin -q path
        # A variable, since fish before 3.5 would not read this function.
        set -l mfa_path path
        set mfa_since (builtin $mfa_path mtime -R /usr 2>/dev/null)
        string match -qr -- '\A[0-9]{1,15}\z' "$mfa_since"; or return 0
        set -l mfa_until (builtin math $mfa_since + $mfa_left - 300)
        function __mfa_env_is_far -V mfa_expiry -V mfa_path -V mfa_since -V mfa_until
            test "$AWS_CREDENTIAL_EXPIRATION" = "$mfa_expiry"; and set -l mfa_age (builtin $mfa_path mtime -R /usr)
            and test "$mfa_age" -ge $mfa_since -a "$mfa_age" -lt $mfa_until
        end
    end
end
