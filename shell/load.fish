# A living saved session → the environment of this shell, by builtins alone; for fish, from 3.4 on.
#
# What is not plain is left to the program: the functions then fail, and nothing has changed. `builtin` stands where a
# function of the user's could take the place; the other builtins have reserved names. Text from files and from the
# environment is compared, and is part of a pattern or a number only once its whole form has matched.
# The helpers have no scope of their own (-S): they work on the local variables of __mfa_env_load. `set` leaves the status
# as it was, so that it does not say at the end of a function that all went well.

# PROFILE [EXPIRY]: loads the saved session of a profile; with EXPIRY one that lives longer, and without a word.
function __mfa_env_load
    # Secrets pass through here, and are not traced.
    set -l fish_trace
    # In bytes; `read` fails beyond.
    set -l fish_read_limit 400000
    set -l mfa_name "$argv[1]"
    set -l mfa_than "$argv[2]"
    set -l mfa_is_silent $argv[2..-1]
    set -l mfa_names
    set -l mfa_there
    set -l mfa_hidden
    set -l mfa_pair
    set -l mfa_config
    set -l mfa_credentials
    set -l mfa_left
    set -l mfa_partition
    set -l mfa_command
    set -l mfa_settings
    set -l mfa_key
    set -l mfa_scanned
    set -l mfa_ours ''
    set -l mfa_titles_config
    set -l mfa_titles_credentials
    set -l mfa_fields region source_profile mfa_env_save aws_arn_mfa mfa_serial aws_mfa_device mfa_env_source mfa_env_role \
        aws_access_key_id aws_secret_access_key aws_session_token aws_security_token x_security_token_expires role_arn
    for mfa_field in $mfa_fields
        set -f mfa_$mfa_field ''
    end
    __mfa_env_is_name "$mfa_name"; and test -z "$MFA_ENV_COMMAND"; or return 1
    __mfa_env_is_exported HOME AWS_SHARED_CREDENTIALS_FILE AWS_CONFIG_FILE AWS_REGION AWS_DEFAULT_REGION MFA_ENV_REGION; or return 1
    __mfa_env_read config "$AWS_CONFIG_FILE"; and __mfa_env_is_text "$mfa_config"; or return 1
    __mfa_env_read credentials "$AWS_SHARED_CREDENTIALS_FILE"; and __mfa_env_is_text "$mfa_credentials"; or return 1
    __mfa_env_profile $mfa_name; and test -n "$mfa_there"; or return 1
    builtin contains -- "$mfa_mfa_env_save" '' true false; or return 1
    # The program exports settings, and removes those of another profile. With EXPIRY the same session goes on, and so do they.
    test -n "$mfa_than" -o -z "$mfa_settings$MFA_ENV_SETTINGS"; or return 1
    set -l mfa_own_pair $mfa_pair
    set -l mfa_own_command $mfa_command
    set -l mfa_own_region $mfa_region
    set -l mfa_source $mfa_source_profile
    set -l mfa_spare_device ''
    set -l mfa_device
    __mfa_env_device
    set -l mfa_role $mfa_role_arn
    if test -n "$mfa_hidden"
        set -l mfa_kept $mfa_device
        __mfa_env_profile $mfa_name-mfa; or return 1
        # The section may be a profile of its own.
        test -z "$mfa_hidden"; and builtin contains -- "$mfa_source_profile" '' "$mfa_name"; or return 1
        for mfa_suffix in -default -long-term -permanent
            builtin contains -- $mfa_name-mfa$mfa_suffix $mfa_names; and return 1
        end
        set mfa_device ''
        __mfa_env_device
        set mfa_spare_device $mfa_device
        set mfa_device $mfa_kept
    end
    set -l mfa_id $mfa_aws_access_key_id
    set -l mfa_secret $mfa_aws_secret_access_key
    set -l mfa_token $mfa_aws_session_token
    set -l mfa_expires $mfa_x_security_token_expires
    set -l mfa_of_key $mfa_mfa_env_source
    set -l mfa_of_role $mfa_mfa_env_role
    __mfa_env_lives; and __mfa_env_source; and __mfa_env_is_own; or return 1

    if test -n "$mfa_role"
        # What it lacks would be looked for in the profiles behind the role.
        test -n "$mfa_own_region"; and test -n "$mfa_device" -o -z "$AWS_REGION$AWS_DEFAULT_REGION"; or return 1
        string match -qr -- '\Aarn:aws(?:|-cn|-us-gov|-iso|-iso-[bef]|-eusc):' "$mfa_device"; or set mfa_device $mfa_role
    end
    test -n "$mfa_device"; or set mfa_device $mfa_spare_device
    test -z "$mfa_own_region"; or string match -qr -- '\A[a-z0-9-]{1,63}\z' "$mfa_own_region"; or return 1
    if test -n "$mfa_than" -a -n "$AWS_REGION" -a "$AWS_REGION" = "$MFA_ENV_REGION"
        # With EXPIRY the same session goes on: so does its region, which may be that of an option.
        set mfa_own_region $AWS_REGION
    else
        __mfa_env_is_for_region; or set mfa_own_region ''
    end
    __mfa_env_export; or return 2
    set -q mfa_is_silent[1]; or __mfa_env_tell
    return 0
end

function __mfa_env_is_name
    string match -qr -- '\A[A-Za-z0-9_./%@:+-]+\z' "$argv[1]"
end

# Whether the program would see the variables as this shell does: exported, and no lists.
function __mfa_env_is_exported -S
    for mfa_field in $argv
        test -n "$$mfa_field"; or continue
        set -qx $mfa_field; and not set -qgu $mfa_field; and not set -q {$mfa_field}[2]; or return 1
    end
    return 0
end

# KIND FILE → mfa_KIND: its text. Fails where it is no regular file, has a NUL, or over 400 000 bytes; what is missing is
# empty.
function __mfa_env_read -S
    set -l mfa_text ''
    set -l mfa_rest
    set -l mfa_path $argv[2]
    test -n "$mfa_path"; or set mfa_path "~/.aws/$argv[1]"
    set mfa_$argv[1] ''
    switch "$mfa_path"
        case '~/*'
            test -n "$HOME"; and string match -qr -- '(?s)\A~/(?<mfa_rest>.*)\z' "$mfa_path"; or return 1
            set mfa_path "$HOME/$mfa_rest"
        case /dev/null
            return 0
            # The program expands variables.
        case '~*' '*$*' '/dev/*'
            return 1
    end
    if not test -f "$mfa_path"; or not test -r "$mfa_path"
        __mfa_env_is_missing "$mfa_path"
        return
    end
    # Completion only wants names.
    set -q mfa_ours; and not __mfa_env_is_ours "$mfa_path"; and return 1
    if not read -z mfa_text <"$mfa_path"
        not test -s "$mfa_path"
        return
    end
    # `read` does not tell whether it came to a NUL at the end.
    string match -qr -- '\x00' <"$mfa_path"; and return 1
    set mfa_$argv[1] "$mfa_text"
    return 0
end

# FILE: whether somebody else could have put it there, as far as builtins tell; the program tells exactly. The file belongs to this
# user, and so does its folder. Others' folders above are not open to this user. Links are left to the program, but for root's in /.
# Builtins do not show the modes of this user's own files and folders. mfa_ours: a folder that has passed.
function __mfa_env_is_ours -S
    string match -qr -- '\A(?!.*/(?:/|\.\.?(?:/|\z)))(?<mfa_folder>/[^\n]*|)/[^/\n]+\z' "$argv[1]"; or return 1
    test -O "$argv[1]" -a ! -L "$argv[1]" -a \( -O "$mfa_folder/" -o -k "$mfa_folder/" \); or return 1
    test "$mfa_folder" != "$mfa_ours"; or return 0
    set mfa_ours "$mfa_folder"
    set -l mfa_part ''
    for mfa_each in (string split / -- "$mfa_folder")
        test -n "$mfa_each"; and set mfa_part "$mfa_part/$mfa_each"
        test \( -O "$mfa_part/" -o -k "$mfa_part/" -o ! -w "$mfa_part/" \) -a \( ! -L "$mfa_part" -o "/$mfa_each" = "$mfa_part" \); or return 1
    end
end

# FILE: whether it is surely not there. What cannot be looked at may be there. A name may have 255 bytes, a path 4095.
function __mfa_env_is_missing
    set -l mfa_path "$argv[1]"
    set -l mfa_folder
    while not test -e "$mfa_path"; and not test -L "$mfa_path"
        string match -qr -- '[^/]{64}\z|\A.{1024}' "$mfa_path"; and return 1
        string match -qr -- '(?s)\A(?<mfa_folder>.*)/' "$mfa_path"; or set mfa_folder .
        test -n "$mfa_folder"; or set mfa_folder /
        if test -d "$mfa_folder"
            test -x "$mfa_folder"
            return
        end
        test "$mfa_folder" != "$mfa_path"; or return 1
        set mfa_path "$mfa_folder"
    end
    return 1
end

# TEXT: whether nothing in it may hide a section: a lone CR, a byte order mark, lines before the first header, a header within a
# line, one without a name, [DEFAULT]. Several patterns: one for all takes far longer.
function __mfa_env_is_text
    string match -qr -- '\r(?!\n)' "$argv[1]"; and return 1
    string match -qr -- '\A(?:[#;][^\n]*+\n|[ \t]*+\r?\n)*+(?:\[|[#;][^\n]*\z|[ \t\r]*\z)' "$argv[1]"; or return 1
    # All of it begins with a `[`, which is found fast.
    string match -qr -- '(?<=[^\n])\[|\[(?:(?:profile)?[^A-Za-z0-9_./%@:+\n-]*+(?:[\]\n]|\z)|DEFAULT\])' "$argv[1]"; or return 0
    string match -qr -- '(?m)^\[(?:(?:profile)?[^A-Za-z0-9_./%@:+\n-]*+(?:\]|$)|DEFAULT\])' "$argv[1]"; and return 1
    # A longer line would take far more than linear time.
    string match -qr -- '(?m)^(?=[^\n]{1001})[^\n]*\[' "$argv[1]"; and return 1
    # A `[` within a line: a comment may have it, unless text comes right before it; so may a value, if more text follows.
    not string match -qr -- '(?m)^(?:\[[^\n]*\[|[#;][^\n]*[^ \t#;\n]\[|[^#;\[\n][^\n]*\[[^\n]*\][ \t\r]*(?:[#;][^\n]*)?$)' "$argv[1]"
end

# NAME: what both files say of it, the credentials file winning.
function __mfa_env_profile -S
    set mfa_there
    set mfa_hidden
    set mfa_pair
    set mfa_command
    set mfa_settings
    for mfa_field in $mfa_fields
        set mfa_$mfa_field ''
    end
    __mfa_env_section config $argv[1]; or return 1
    # Keys in the config file: long-lived ones hide a session of the same name, a session would be spread over both files.
    test -z "$mfa_aws_session_token$mfa_aws_security_token$mfa_x_security_token_expires"; or return 1
    __mfa_env_long_lived
    set mfa_aws_access_key_id ''
    set mfa_aws_secret_access_key ''
    __mfa_env_section credentials $argv[1]; or return 1
    set mfa_scanned 1
    # The keys are read together: of what stands here and there none is a pair.
    test -z "$mfa_aws_access_key_id$mfa_aws_secret_access_key$mfa_aws_session_token$mfa_aws_security_token"; or set mfa_pair
    if string match -q -- 'AKIA*' "$mfa_aws_access_key_id"; or test -z "$mfa_aws_session_token$mfa_aws_security_token"
        __mfa_env_long_lived
    end
    return 0
end

function __mfa_env_long_lived -S
    test -z "$mfa_aws_access_key_id$mfa_aws_secret_access_key"; or set mfa_hidden 1
    test -z "$mfa_aws_access_key_id"; or test -z "$mfa_aws_secret_access_key"; or set mfa_pair $mfa_aws_access_key_id
end

# → mfa_device, where there is none yet.
function __mfa_env_device -S
    for mfa_field in "$mfa_aws_arn_mfa" "$mfa_mfa_serial" "$mfa_aws_mfa_device"
        test -n "$mfa_device"; or set mfa_device $mfa_field
    end
end

# KIND NAME: reads the one section of that name. A header is a `[` in a line's first column.
function __mfa_env_section -S
    set -l mfa_titles
    set -l mfa_first
    set -l mfa_second
    set -l mfa_header
    set -l mfa_body ''
    set -l mfa_text mfa_$argv[1]
    set mfa_text $$mfa_text
    # A name has no backslash in it, so that nothing ends the quotation.
    set -l mfa_kept mfa_titles_$argv[1]
    if test -n "$mfa_scanned"; and string match -q -- "*$mfa_name*" $argv[2]
        # A scan for a name finds those too that the name is a part of.
        set mfa_titles (string match -- "*$argv[2]*" $$mfa_kept)
    else
        string match -qar -- '(?<![^\n])\[(?<mfa_titles>[^\n]*?\Q'$argv[2]'\E[^\n]*+)' "$mfa_text"
        test -n "$mfa_scanned"; or set $mfa_kept $mfa_titles
    end
    set -q mfa_titles[1]; or return 0
    # So many would take seconds.
    set -q mfa_titles[1001]; and return 1
    for mfa_title in $mfa_titles
        # One blank may stand inside, as in `profile prod` and `sso-session corp`.
        string match -qr -- '\A(?<mfa_first>[A-Za-z0-9_./%@:+-]+)(?: (?<mfa_second>[A-Za-z0-9_./%@:+-]+))?\]\r?\z' "$mfa_title"; or return 1
        set -l mfa_plain "$mfa_first"
        if test -n "$mfa_second"
            # The AWS CLI takes any first word that begins so.
            string match -q -- 'profile?*' "$mfa_first"; and test $argv[1] = config; and return 1
            test $argv[1] = config -a "$mfa_first" = profile; or continue
            test "$mfa_second" != default; or return 1
            set mfa_first "$mfa_second"
            set mfa_plain "profile $mfa_second"
        else if test $argv[1] = config -a "$mfa_first" != default
            continue
        end
        set -a mfa_names "$mfa_first"
        test "$mfa_first" = "$argv[2]"; or continue
        test -z "$mfa_header"; or return 1
        set mfa_header "$mfa_plain"
    end
    test -n "$mfa_header"; or return 0
    set mfa_there 1
    string match -qr -- '(?s)(?<![^\n])\[\Q'$mfa_header'\E\]\r?(?=\n|\z)(?<mfa_body>.*?)(?:\n(?=\[)|\z)' "$mfa_text"; or return 1
    __mfa_env_properties
end

# mfa_body → the variables of the keys that count.
function __mfa_env_properties -S
    set -l mfa_keys
    set -l mfa_values
    set -l mfa_ends
    set -l mfa_known 'sso_(?:session|start_url|account_id|role_name|region)|web_identity_token_file|login_session|role_arn|credential_process|aws_(?:access_key_id|secret_access_key|session_token|security_token|arn_mfa|mfa_device)|x_security_token_expires|region|source_profile|mfa_env_(?:save|source|role)|mfa_serial|use_(?:fips|dualstack)_endpoint|ca_bundle|endpoint_url'
    # A line that is neither blank, nor a comment, nor `key = value` from the first column on.
    string match -qr -- '\n(?![ \t]*\r?(?:\n|\z)|[#;]|(?![^=\n]*[ \t][#;])[^ \t\r\n=A-Z][^=\nA-Z]*=)' "$mfa_body"; and return 1
    # What looks like one of the keys, or like a line that lost its end.
    string match -qr -- '\n(?![#;]|(?:'$mfa_known')[ \t]*=)(?:[^=\n]*(?:role_arn|_profile|credential_|sso_|web_identity|login_session|aws_|mfa_serial|mfa_env_)|[^=\n]*=[^=\n]*=)' "$mfa_body"; and return 1
    string match -qar -- '\n(?<mfa_keys>'$mfa_known')[ \t]*=(?<mfa_ends>[ \t]*+)(?<mfa_values>[^\n]*?)[ \t]*\r?(?=\n|\z)' "$mfa_body"; or return 0
    set -l mfa_seen
    for mfa_key_name in $mfa_keys
        builtin contains -- $mfa_key_name $mfa_seen; and return 1
        set -a mfa_seen $mfa_key_name
    end
    while set -q mfa_keys[1]
        set -l mfa_key_name $mfa_keys[1]
        set -l mfa_value $mfa_values[1]
        set -l mfa_whole "$mfa_ends[1]$mfa_value"
        set -e mfa_keys[1]
        set -e mfa_values[1]
        set -e mfa_ends[1]
        test -n "$mfa_value"; or continue
        string match -qr -- '[ \t][#;]|\A[ \t]*<.*>\z' "$mfa_whole"; and return 1
        switch $mfa_key_name
            case credential_process
                set mfa_hidden 1
                set mfa_command 1
            case role_arn
                set mfa_hidden 1
                set mfa_role_arn "$mfa_value"
            case 'sso_*' 'web_*' 'login_*'
                set mfa_hidden 1
            case 'use_*' ca_bundle endpoint_url
                set mfa_settings 1
            case '*'
                set mfa_$mfa_key_name "$mfa_value"
        end
    end
    return 0
end

# → mfa_key: the access key ID of the profile's source, `command` if a command gives it, empty if there is none; and the region
# and the device that the profile lacks. The search is the program's: source_profile, a name with a suffix, keys of its own.
function __mfa_env_source -S
    set -l mfa_at $mfa_name
    set -l mfa_next $mfa_source
    set -l mfa_at_pair $mfa_own_pair
    set -l mfa_at_command $mfa_own_command
    set -l mfa_standard
    set mfa_key ''
    for mfa_hop in 1 2 3
        test "$mfa_next" != "$mfa_at"; or return 1
        set mfa_standard ''
        if test -z "$mfa_next"
            for mfa_suffix in -default -long-term -permanent
                builtin contains -- $mfa_at$mfa_suffix $mfa_names; or continue
                set mfa_next $mfa_at$mfa_suffix
                set mfa_standard 1
                break
            end
            if test -z "$mfa_next"
                if test -n "$mfa_at_pair"
                    set mfa_key $mfa_at_pair
                else if test -n "$mfa_at_command"
                    set mfa_key command
                end
                return 0
            end
        end
        __mfa_env_is_name "$mfa_next"; and __mfa_env_profile $mfa_next; and test -n "$mfa_there"; or return 1
        # Of a role, the region and the device are its own.
        if test -z "$mfa_role"
            test -n "$mfa_own_region"; or set mfa_own_region $mfa_region
            __mfa_env_device
        end
        if test -n "$mfa_pair"
            set mfa_key $mfa_pair
            return 0
        else if test -n "$mfa_command" -a -z "$mfa_role"
            set mfa_key command
            return 0
        end
        # A role behind a role, or as the source of a profile without one.
        test -z "$mfa_role_arn"; or return 1
        test -z "$mfa_standard" -o -n "$mfa_role" -o -n "$mfa_source_profile"; or return 0
        set mfa_at $mfa_next
        set mfa_next $mfa_source_profile
        set mfa_at_pair
        set mfa_at_command $mfa_command
    end
    return 1
end

# Whether the session belongs to the key and the role that the files name now, if its marks say so.
function __mfa_env_is_own -S
    test -n "$mfa_of_key$mfa_of_role"; or return 0
    test "$mfa_of_role" = "$mfa_role"; or return 1
    test -z "$mfa_of_key" -o "$mfa_key" = command -o "$mfa_of_key" = "$mfa_key"
end

# Whether the session is one, and lives five minutes more, and longer than until mfa_than.
function __mfa_env_lives -S
    string match -qr -- '\A(?!AKIA)[A-Za-z0-9_]{4,128}\z' "$mfa_id"; or return 1
    string match -qr -- '\A[!-~]{1,16384}\z' "$mfa_secret"; and string match -qr -- '\A[!-~]{1,16384}\z' "$mfa_token"; or return 1
    __mfa_env_left "$mfa_expires"; or return 1
    if test -n "$mfa_than"
        string match -qr -- '\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z\z' "$mfa_than"; or return 1
        test (string replace -ar -- '[^0-9]' '' $mfa_expires) -gt (string replace -ar -- '[^0-9]' '' $mfa_than); or return 1
    end
    test $mfa_left -gt 300
end

# EXPIRY → mfa_left, the seconds until then. Fails for another form, and for a day that there is not.
function __mfa_env_left -S
    set -l mfa_year
    set -l mfa_month
    set -l mfa_day
    set -l mfa_hour
    set -l mfa_minute
    set -l mfa_second
    # The last alternative: the 29th of February, in the years that have one.
    string match -qr -- '\A(?:(?=(?:19[7-9]|[2-9][0-9]{2})[0-9])[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))|(?:19[7-9]|[2-9][0-9]{2})[0-9](?<=[0-9]{2}0[48]|[0-9]{2}[2468][048]|[0-9]{2}[13579][26]|[02468][048]00|[13579][26]00)-02-29)T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z\z' "$argv[1]"; or return 1
    string match -qr -- '\A(?<mfa_year>.{4})-(?<mfa_month>..)-(?<mfa_day>..)T(?<mfa_hour>..):(?<mfa_minute>..):(?<mfa_second>..)Z\z' "$argv[1]"; or return 1
    # fish has no clock, but the age of a file and the time from which on it counts. `path` is a variable, since fish
    # before 3.5 would not read this function.
    set -l mfa_path path
    set -l mfa_now ''
    if builtin -q path
        set mfa_now (builtin $mfa_path mtime / 2>/dev/null)+(builtin $mfa_path mtime -R / 2>/dev/null)
    end
    string match -qr -- '\A-?[0-9]{1,15}\+-?[0-9]{1,15}\z' "$mfa_now"; or set mfa_now (command date +%s)
    string match -qr -- '\A-?[0-9]{1,15}(?:\+-?[0-9]{1,15})?\z' "$mfa_now"; or return 1
    # The year begins in March, so that the day that some years have more is its last.
    if test $mfa_month -gt 2
        set mfa_month "($mfa_month - 3)"
    else
        set mfa_month "($mfa_month + 9)"
        set mfa_year "($mfa_year - 1)"
    end
    set mfa_left (builtin math -s0 "(365 * $mfa_year + floor($mfa_year / 4) - floor($mfa_year / 100) + floor($mfa_year / 400) + floor((153 * $mfa_month + 2) / 5) + $mfa_day - 719469) * 86400 + $mfa_hour * 3600 + $mfa_minute * 60 + $mfa_second - ($mfa_now)")
    # A second for what the clock leaves out.
    string match -qr -- '\A-?[0-9]+\z' "$mfa_left"
end

# Whether the profile's region is to be exported: not where the user set one, unless it is of another partition than the session.
function __mfa_env_is_for_region -S
    set -l mfa_users $AWS_REGION
    test -n "$mfa_users"; or set mfa_users "$AWS_DEFAULT_REGION"
    test -z "$mfa_users"; or test "$mfa_users" = "$MFA_ENV_REGION"; and return 0
    if not string match -qr -- '\Aarn:(?<mfa_partition>aws(?:|-cn|-us-gov|-iso|-iso-[bef]|-eusc)):' "$mfa_device"
        test -n "$mfa_own_region"; or return 1
        __mfa_env_partition "$mfa_own_region"
    end
    set -l mfa_of_session $mfa_partition
    __mfa_env_partition "$mfa_users"
    test $mfa_partition != $mfa_of_session
end

# REGION → mfa_partition.
function __mfa_env_partition -S
    switch $argv[1]
        case 'cn-*'
            set mfa_partition aws-cn
        case 'us-gov-*'
            set mfa_partition aws-us-gov
        case 'us-iso-*'
            set mfa_partition aws-iso
        case 'us-isob-*'
            set mfa_partition aws-iso-b
        case 'eu-isoe-*'
            set mfa_partition aws-iso-e
        case 'us-isof-*'
            set mfa_partition aws-iso-f
        case 'eusc-*'
            set mfa_partition aws-eusc
        case '*'
            set mfa_partition aws
    end
end

# What the program's statements do. Always -g: without it a universal variable would be changed in every shell, and on disk.
function __mfa_env_export -S
    set -l mfa_failed 0
    for mfa_field in MFA_ENV_MISLEADING
        set -eg $mfa_field
    end
    builtin true
    set -gx AWS_ACCESS_KEY_ID "$mfa_id"; or set mfa_failed 1
    set -gx AWS_SECRET_ACCESS_KEY "$mfa_secret"; or set mfa_failed 1
    set -gx AWS_SESSION_TOKEN "$mfa_token"; or set mfa_failed 1
    set -gx AWS_CREDENTIAL_EXPIRATION "$mfa_expires"; or set mfa_failed 1
    set -gx AWS_SESSION_EXPIRATION "$mfa_expires"; or set mfa_failed 1
    set -gx MFA_ENV_PROFILE "$mfa_name"; or set mfa_failed 1
    if test -n "$mfa_own_region"
        for mfa_field in AWS_REGION AWS_DEFAULT_REGION MFA_ENV_REGION
            set -gx $mfa_field "$mfa_own_region"; or set mfa_failed 1
        end
    else
        if test -n "$AWS_REGION"; and test "$AWS_REGION" = "$MFA_ENV_REGION"
            set -eg AWS_REGION
            set -eg AWS_DEFAULT_REGION
        end
        set -eg MFA_ENV_REGION
    end
    for mfa_field in MFA_ENV_MISLEADING
        set -qUx $mfa_field; or continue
        set mfa_failed 1
        builtin printf 'mfa-env: hint: %s is a universal variable, and stays in force: set -e %s\n' $mfa_field $mfa_field >&2
    end
    return $mfa_failed
end

# One line on a terminal, where less than an hour is left.
function __mfa_env_tell -S
    test $mfa_left -lt 3600 -a -t 2; or return 0
    set -l mfa_account
    set -l mfa_arn $mfa_device
    test -z "$mfa_role"; or set mfa_arn $mfa_role
    string match -qr -- '(?s)\Aarn:.*?:iam::(?<mfa_account>[0-9]+):' "$mfa_arn"
    set -q mfa_account[1]; and set mfa_account " in $mfa_account"
    builtin printf 'mfa-env: %s%s: the saved session lives %dm more\n' $mfa_name "$mfa_account" (builtin math -s0 "floor($mfa_left / 60)") >&2
end
