# Completion for fish: words from a table, names of profiles from the two files, by builtins alone.

# → a line for each word that may come next, with its text behind a tab.
function __mfa_env_complete
    # Secrets are read here, and are not traced.
    set -l fish_trace
    set -l mfa_table MFA_ENV_TABLE
    set -l mfa_words (commandline -opc)
    set -l mfa_current (commandline -ct)
    set -l mfa_command
    set -l mfa_kind
    set -l mfa_positional
    set -l mfa_ended
    for mfa_word in $mfa_words[2..-1]
        if test -n "$mfa_kind"
            set mfa_kind
        else if test "$mfa_word" = --
            set mfa_ended 1
        else if test -z "$mfa_ended"; and string match -q -- '-?*' $mfa_word
            string match -qr -- '\A--profile(?:=|\z)' $mfa_word; and set mfa_positional 1
            __mfa_env_kind '\S+' $mfa_word
        else if test -z "$mfa_command$mfa_positional$mfa_ended"; and __mfa_env_kind command $mfa_word
            set mfa_command $mfa_word
            set mfa_kind
        else
            set mfa_positional 1
        end
    end
    set -l mfa_before
    if test -n "$mfa_kind"
    else if test -z "$mfa_ended"; and string match -qr -- '\A(?<mfa_before>--[^=]+)=' "$mfa_current"
        __mfa_env_kind '\S+' $mfa_before
        set mfa_before $mfa_before=
    else if test -z "$mfa_ended"; and string match -q -- '-*' "$mfa_current"
        set mfa_kind session
        set -q mfa_command[1]; and set mfa_kind $mfa_command
    else if test -n "$mfa_positional"
        return 0
    else if set -q mfa_command[1]
        __mfa_env_kind command $mfa_command
    else
        test -n "$mfa_ended"; or __mfa_env_offer command
        set mfa_kind profile
    end
    switch "$mfa_kind"
        case ''
        case profile
            __mfa_env_offer_profiles
        case '*'
            __mfa_env_offer $mfa_kind
    end
    return 0
end

# LIST WORD → mfa_kind: the list that what follows the word is in, none where nothing follows. Fails for another word. LIST
# is a pattern.
function __mfa_env_kind -S
    string match -qr -- '\A[a-z-]+\z' $argv[2]; or return 1
    set mfa_kind (string replace -rf -- '\A'$argv[1]' '$argv[2]' (\S+) .*' '$1' $mfa_table)[1]
    set -q mfa_kind[1]; or return 1
    test $mfa_kind != -; or set mfa_kind
    return 0
end

# LIST: prints its words.
function __mfa_env_offer -S
    string replace -rf -- '\A'$argv[1]' (\S+) \S+ ?(.*)' "$mfa_before"'$1'\t'$2' $mfa_table
end

# Prints the profiles of both files, and those that a PROFILE-default is for. Only plain names, since the line that they come
# into is a shell's; six digits alone would be a code.
function __mfa_env_offer_profiles -S
    set -l fish_read_limit 400000
    set -l mfa_config ''
    set -l mfa_credentials ''
    set -l mfa_titles
    set -l mfa_profiles
    __mfa_env_read config "$AWS_CONFIG_FILE"
    __mfa_env_read credentials "$AWS_SHARED_CREDENTIALS_FILE"
    string match -qar -- '(?<![^\n])\[(?:profile (?=[^\n])|(?=default\]))(?<mfa_titles>[A-Za-z0-9_.\/+-]+)\]' "$mfa_config"
    set mfa_profiles $mfa_titles
    set mfa_titles
    string match -qar -- '(?<![^\n])\[(?<mfa_titles>[A-Za-z0-9_.\/+-]+)\]' "$mfa_credentials"
    set -a mfa_profiles $mfa_titles
    set -a mfa_profiles (string replace -rf -- '-(?:default|long-term|permanent)\z' '' $mfa_profiles)
    set mfa_profiles (string match -rv -- '\A(?:-|[0-9]{6}\z|\z)' $mfa_profiles)
    set -q mfa_profiles[1]; and builtin printf '%s\n' "$mfa_before"$mfa_profiles
end

complete -c __mfa_env_cmd -f -a '(__mfa_env_complete)'
