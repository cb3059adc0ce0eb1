# A living saved session → the environment of this shell, by builtins alone; for zsh, from 5.8 on.
#
# What is not plain is left to the program: the functions then fail, and nothing has changed. Builtins are called with a
# backslash and through `builtin`, so that no alias and no function of the user's takes their place; the variables begin
# with `mfa_`, so that none that is read-only stands in the way. Text from files and from the environment is compared, and
# is never a pattern; it is a number only once its whole form has matched. Who calls has said `emulate -L zsh`.
#
# A call of a function takes zsh ten times as long as a comparison: hence few and long ones.

# PROFILE [EXPIRY]: loads the saved session of a profile; with EXPIRY one that lives longer, and without a word.
__mfa_env_load() {
  \builtin setopt local_options no_multibyte extended_glob
  \builtin local mfa_name="$1" mfa_expiry="${2-}" mfa_there="" mfa_hidden="" mfa_pair="" mfa_epoch="" mfa_now="" mfa_left=""
  \builtin local mfa_each="" mfa_text="" mfa_spare_device="" mfa_partition="" mfa_command="" mfa_settings="" mfa_key="" mfa_scanned="" mfa_ours=""
  \builtin local -A mfa_value mfa_places
  \builtin local -a mfa_names mfa_config mfa_credentials
  [[ -n $mfa_name && $mfa_name != *[^A-Za-z0-9_./%@:+-]* && -z ${MFA_ENV_COMMAND-} ]] || \builtin return 1
  \builtin zmodload -F zsh/system b:sysread 2>/dev/null || \builtin return 1
  # The program would see them as this shell does: exported.
  mfa_each=" ${HOME:+${(t)HOME}} ${AWS_SHARED_CREDENTIALS_FILE:+${(t)AWS_SHARED_CREDENTIALS_FILE}} ${AWS_CONFIG_FILE:+${(t)AWS_CONFIG_FILE}}"
  mfa_each+=" ${AWS_REGION:+${(t)AWS_REGION}} ${AWS_DEFAULT_REGION:+${(t)AWS_DEFAULT_REGION}} ${MFA_ENV_REGION:+${(t)MFA_ENV_REGION}}"
  mfa_each+=" ${AWS_PROFILE:+${(t)AWS_PROFILE}} ${MFA_ENV_PROFILE:+${(t)MFA_ENV_PROFILE}}"
  [[ ${mfa_each//[a-z-]#export[a-z-]#/} != *[^\ ]* ]] || \builtin return 1
  # A variable that cannot be set, or has another type, would end all; one of `typeset -l`, `-u`, `-L`, `-Z` would hold another text.
  mfa_each=""
  for mfa_name in MFA_ENV_MISLEADING MFA_ENV_SESSION AWS_REGION AWS_DEFAULT_REGION; do
    mfa_each+="${(Pt)mfa_name} "
  done
  mfa_name="$1"
  [[ ${${${mfa_each//-local/}//-export/}//scalar/} != *[^\ ]* ]] || \builtin return 1
  __mfa_env_read config "${AWS_CONFIG_FILE:-"~/.aws/config"}" &&
    __mfa_env_read credentials "${AWS_SHARED_CREDENTIALS_FILE:-"~/.aws/credentials"}" || \builtin return 1
  __mfa_env_profile "$mfa_name" && [[ -n $mfa_there ]] || \builtin return 1
  # The program exports settings, and removes those of another profile. With EXPIRY the same session goes on, and so do they.
  [[ -n $mfa_expiry || -z $mfa_settings${MFA_ENV_SETTINGS-} ]] || \builtin return 1
  case ${mfa_value[mfa_env_save]-} in
    '' | true | false) ;;
    *) \builtin return 1 ;;
  esac
  \builtin local mfa_region="${mfa_value[region]-}" mfa_source="${mfa_value[source_profile]-}"
  \builtin local mfa_device="${mfa_value[aws_arn_mfa]:-${mfa_value[mfa_serial]:-${mfa_value[aws_mfa_device]-}}}"
  \builtin local mfa_role="${mfa_value[role_arn]-}" mfa_own_pair="$mfa_pair" mfa_own_command="$mfa_command"
  if [[ -n $mfa_hidden ]]; then
    __mfa_env_profile "$mfa_name-mfa" || \builtin return 1
    # The section may be a profile of its own.
    [[ -z $mfa_hidden && (-z ${mfa_value[source_profile]-} || ${mfa_value[source_profile]} == "$mfa_name") ]] || \builtin return 1
    for mfa_each in -default -long-term -permanent; do
      ((${mfa_names[(Ie)$mfa_name-mfa$mfa_each]} == 0)) || \builtin return 1
    done
    mfa_spare_device="${mfa_value[aws_arn_mfa]:-${mfa_value[mfa_serial]:-${mfa_value[aws_mfa_device]-}}}"
  fi
  \builtin local mfa_id="${mfa_value[aws_access_key_id]-}" mfa_secret="${mfa_value[aws_secret_access_key]-}"
  \builtin local mfa_token="${mfa_value[aws_session_token]-}" mfa_expires="${mfa_value[x_security_token_expires]-}"
  \builtin local mfa_of_key="${mfa_value[mfa_env_source]-}" mfa_of_role="${mfa_value[mfa_env_role]-}"
  [[ ${#mfa_id} -ge 4 && ${#mfa_id} -le 128 && $mfa_id != *[^A-Za-z0-9_]* && $mfa_id != AKIA* ]] &&
    [[ -n $mfa_secret && ${#mfa_secret} -le 16384 && $mfa_secret != *[^\!-~]* ]] &&
    [[ -n $mfa_token && ${#mfa_token} -le 16384 && $mfa_token != *[^\!-~]* ]] &&
    [[ $mfa_expires > $mfa_expiry ]] && __mfa_env_epoch "$mfa_expires" || \builtin return 1
  # A second for what the clock leaves out.
  mfa_left="$((mfa_epoch - mfa_now))"
  ((mfa_left > 300)) && __mfa_env_source || \builtin return 1
  # Whether the session belongs to the key and the role that the files name now, if its marks say so.
  if [[ -n $mfa_of_key$mfa_of_role ]]; then
    [[ $mfa_of_role == "$mfa_role" ]] || \builtin return 1
    [[ -z $mfa_of_key || $mfa_key == command || $mfa_of_key == "$mfa_key" ]] || \builtin return 1
  fi

  if [[ -n $mfa_role ]]; then
    # What it lacks would be looked for in the profiles behind the role.
    [[ -n $mfa_region ]] && [[ -n $mfa_device || -z ${AWS_REGION-}${AWS_DEFAULT_REGION-} ]] || \builtin return 1
    case $mfa_device in
      arn:aws:* | arn:aws-cn:* | arn:aws-us-gov:* | arn:aws-iso:* | arn:aws-iso-[bef]:* | arn:aws-eusc:*) ;;
      *) mfa_device="$mfa_role" ;;
    esac
  fi
  mfa_device="${mfa_device:-$mfa_spare_device}"
  [[ ${#mfa_region} -le 63 && $mfa_region != *[^a-z0-9-]* ]] || \builtin return 1
  mfa_each="${AWS_REGION:-${AWS_DEFAULT_REGION-}}"
  if [[ -z $mfa_each || $mfa_each == "${MFA_ENV_REGION-}" ]]; then
    # With EXPIRY the same session goes on: so does its region, which may be that of an option.
    [[ -z $mfa_expiry || -z ${AWS_REGION-} ]] || mfa_region="$AWS_REGION"
  else
    __mfa_env_is_for_region "$mfa_each" || mfa_region=""
  fi
  __mfa_env_export || \builtin return 2
  [[ $# == 1 && $mfa_left -lt 3600 && -t 2 ]] || \builtin return 0
  __mfa_env_tell
}

# NAME: what both files say of it, the credentials file winning.
__mfa_env_profile() {
  \builtin local mfa_kind="" mfa_found="" mfa_body=""
  mfa_there="" mfa_hidden="" mfa_pair="" mfa_command="" mfa_settings="" mfa_value=()
  # A scan for a name finds those too that the name is a part of.
  if [[ -z $mfa_scanned || $1 != *"$mfa_name"* ]]; then
    __mfa_env_scan config "$1" && __mfa_env_scan credentials "$1" || \builtin return 1
    mfa_scanned=1
  fi
  for mfa_kind in config credentials; do
    mfa_found="${mfa_places[$mfa_kind:$1]-}"
    if [[ -n $mfa_found ]]; then
      # A second section of the name.
      [[ $mfa_found != *' '* ]] || \builtin return 1
      case $mfa_kind in
        config) mfa_body="$mfa_config[mfa_found]" ;;
        *) mfa_body="$mfa_credentials[mfa_found]" ;;
      esac
      mfa_there=1
      __mfa_env_properties || \builtin return 1
    fi
    if [[ $mfa_kind == config ]]; then
      # Keys in the config file: long-term ones hide a session of the same name, a session would be spread over both files.
      [[ -z ${mfa_value[aws_session_token]-}${mfa_value[aws_security_token]-}${mfa_value[x_security_token_expires]-} ]] || \builtin return 1
    fi
    # The keys are read together: of what is here and there none is a pair.
    [[ -z ${mfa_value[aws_access_key_id]-}${mfa_value[aws_secret_access_key]-}${mfa_value[aws_session_token]-}${mfa_value[aws_security_token]-} ]] || mfa_pair=""
    if [[ $mfa_kind == credentials && ${mfa_value[aws_access_key_id]-} != AKIA* && -n ${mfa_value[aws_session_token]-}${mfa_value[aws_security_token]-} ]]; then
      \builtin return 0
    fi
    [[ -z ${mfa_value[aws_access_key_id]-}${mfa_value[aws_secret_access_key]-} ]] || mfa_hidden=1
    [[ -z ${mfa_value[aws_access_key_id]-} || -z ${mfa_value[aws_secret_access_key]-} ]] || mfa_pair="${mfa_value[aws_access_key_id]}"
    [[ $mfa_kind == credentials ]] || mfa_value[aws_access_key_id]="" mfa_value[aws_secret_access_key]=""
  done
}

# KIND NAME → mfa_places, mfa_names: where the sections are whose names have NAME in them. A header is a `[` in a line's first column.
__mfa_env_scan() {
  \builtin local mfa_line="" mfa_title="" mfa_at=2
  # Those whose first line has the name in it; a subscript finds them without a copy of any.
  while \builtin :; do
    if [[ $1 == config ]]; then
      mfa_at="${mfa_config[(ib:mfa_at:)[^$'\n']#$2*]}"
      ((mfa_at <= ${#mfa_config})) || \builtin return 0
      mfa_line="${${mfa_config[mfa_at]%%$'\n'*}%$'\r'}"
    else
      mfa_at="${mfa_credentials[(ib:mfa_at:)[^$'\n']#$2*]}"
      ((mfa_at <= ${#mfa_credentials})) || \builtin return 0
      mfa_line="${${mfa_credentials[mfa_at]%%$'\n'*}%$'\r'}"
    fi
    # One blank may be inside, as in `profile prod` and `sso-session corp`.
    mfa_title="${mfa_line%\]}"
    [[ $mfa_line == *\] && ${mfa_title/ /} != *[^A-Za-z0-9_./%@:+-]* ]] || \builtin return 1
    case $1:$mfa_title in
      *': '* | *' ' | 'config:profile default') \builtin return 1 ;;
      'config:profile '*) mfa_title="${mfa_title#profile }" ;;
      config:default) ;;
      # The AWS CLI takes any first word that begins so.
      config:profile*' '*) \builtin return 1 ;;
      config:* | *' '*) mfa_title="" ;;
    esac
    # So many would take seconds.
    ((${#mfa_names} < 1000)) || \builtin return 1
    if [[ -n $mfa_title ]]; then
      mfa_names+=("$mfa_title")
      # Another scan may have come to it.
      [[ ${mfa_places[$1:$mfa_title]-} == "$mfa_at" ]] || mfa_places[$1:$mfa_title]="${mfa_places[$1:$mfa_title]:+. }$mfa_at"
    fi
    ((mfa_at += 1))
  done
}

# KIND FILE → mfa_KIND: its text, cut before every header. Fails if the file is no regular one, over 400 000 bytes, or has anything
# that may hide a section: a NUL, lines before the first header, a header within a line, one without a name. A missing file is empty.
__mfa_env_read() {
  # Headers without a name, and [DEFAULT].
  \builtin local mfa_path="$2" mfa_odd=$'(DEFAULT\\]*|(|profile)[^A-Za-z0-9_./%@:+\n-]#(|[\n\\]]*))'
  case $mfa_path in
    '~/'*)
      [[ -n ${HOME-} ]] || \builtin return 1
      mfa_path="$HOME/${mfa_path[3,-1]}"
      ;;
    /dev/null) \builtin return 0 ;;
    # The program expands variables.
    '~'* | *'$'*) \builtin return 1 ;;
  esac
  if [[ ! -f $mfa_path || ! -r $mfa_path ]]; then
    __mfa_env_is_missing "$mfa_path"
    \builtin return
  fi
  # Completion only wants names.
  [[ -z ${mfa_ours+x} ]] || __mfa_env_is_ours "$mfa_path" || \builtin return 1
  mfa_text=""
  \builtin sysread -s 400001 mfa_text <"$mfa_path"
  # 5 is the end of the file.
  [[ ($? == 0 || $? == 5) && ${#mfa_text} -le 400000 && $mfa_text != *$'\0'* ]] || \builtin return 1
  mfa_text=$'\n'"$mfa_text"
  case $1 in
    config)
      mfa_config=("${(@ps:\n[:)mfa_text}")
      [[ -z $mfa_config[1] && ${mfa_config[(I)*\[*]} == 0 ]] || __mfa_env_is_inside "${mfa_config[@]}" || \builtin return 1
      ((${mfa_config[(ib:2:)${~mfa_odd}]} > ${#mfa_config}))
      ;;
    *)
      mfa_credentials=("${(@ps:\n[:)mfa_text}")
      [[ -z $mfa_credentials[1] && ${mfa_credentials[(I)*\[*]} == 0 ]] || __mfa_env_is_inside "${mfa_credentials[@]}" || \builtin return 1
      ((${mfa_credentials[(ib:2:)${~mfa_odd}]} > ${#mfa_credentials}))
      ;;
  esac
}

# FILE: whether only this user or root could have written it: the file, and each folder on the way, belongs to this user or root, and others
# cannot write them; sticky folders that belong to root are excepted. Links are left to the program, but for root's in /. mfa_ours: a
# folder that has passed.
__mfa_env_is_ours() {
  # In variables, since shells with sh_glob would not read them. In each part `-` looks at what a link leads to.
  \builtin local mfa_part="$1" mfa_file='(N-.Uf:go-w:,-.u0f:go-w:)' mfa_folder='(N-/Uf:go-w:,-/u0f:go-w:,-/u0t)'
  \builtin local -a mfa_found
  [[ $1 == /* && $1 != *//* && $1/ != */./* && $1/ != */../* ]] || \builtin return 1
  mfa_found=("$1"${~mfa_file})
  ((${#mfa_found})) || \builtin return 1
  while [[ -n $mfa_part && $mfa_part != "$mfa_ours" ]]; do
    [[ ! -L $mfa_part || $mfa_part != /*/* ]] || \builtin return 1
    mfa_part="${mfa_part%/*}"
    mfa_found=("${mfa_part:-/}"${~mfa_folder})
    ((${#mfa_found})) || \builtin return 1
  done
  mfa_ours="${1%/*}"
}

# PART…: whether what is before the first header is comments, and each `[` within a line begins no header: it is in a comment, or
# more text follows.
__mfa_env_is_inside() {
  # In a variable, since shells with sh_glob would not read it.
  \builtin local mfa_line="" mfa_part="" mfa_end=$'[ \t\r]#(|[\\#;]*)'
  for mfa_line in "${(@f)1}"; do
    [[ $mfa_line == [\#\;]* || $mfa_line != *[^$' \t\r']* ]] || \builtin return 1
  done
  for mfa_part in "$@"; do
    [[ $mfa_part == *\[* ]] || \builtin continue
    # Not within a header.
    [[ $mfa_part == $'\n'* || ${mfa_part%%$'\n'*} != *\[* ]] || \builtin return 1
    for mfa_line in "${(@f)mfa_part}"; do
      case $mfa_line in
        # A header right after the text of a comment may be one that lost its line end.
        [\#\;]*\[*) [[ $mfa_line != *[^$' \t#;']\[* ]] || \builtin return 1 ;;
        *\[*)
          mfa_line="${mfa_line##*\]}"
          [[ $mfa_line != ${~mfa_end} ]] || \builtin return 1
          ;;
      esac
    done
  done
}

# FILE: whether it is surely not there. What cannot be looked at may be there.
__mfa_env_is_missing() {
  \builtin local mfa_path="$1" mfa_folder=""
  while [[ ! -e $mfa_path && ! -L $mfa_path ]]; do
    mfa_folder="${mfa_path##*/}"
    ((${#mfa_folder} <= 255 && ${#mfa_path} < 4096)) || \builtin return 1
    case $mfa_path in
      /*/*) mfa_folder="${mfa_path%/*}" ;;
      /*) mfa_folder=/ ;;
      */*) mfa_folder="${mfa_path%/*}" ;;
      *) mfa_folder=. ;;
    esac
    if [[ -d $mfa_folder ]]; then
      [[ -x $mfa_folder ]]
      \builtin return
    fi
    mfa_path="$mfa_folder"
  done
  \builtin return 1
}

# mfa_body → mfa_value, the keys that count.
__mfa_env_properties() {
  \builtin local mfa_line="" mfa_key="" mfa_keys=" " mfa_odd=""
  # What is looked for in each line only where it is anywhere.
  case $mfa_body in
    *$'\r'* | *' #'* | *' ;'* | *$'\t'* | *'<'*) mfa_odd=1 ;;
  esac
  for mfa_line in "${(@)${(@f)mfa_body}[2,-1]}"; do
    if [[ -n $mfa_odd ]]; then
      mfa_line="${mfa_line%$'\r'}"
      [[ $mfa_line != *$'\r'* ]] || \builtin return 1
    fi
    case $mfa_line in
      '' | [\#\;]*) \builtin continue ;;
      [$' \t']*)
        [[ $mfa_line != *[^$' \t']* ]] || \builtin return 1
        \builtin continue
        ;;
      *=*) mfa_key="${mfa_line%%=*}" ;;
      *) \builtin return 1 ;;
    esac
    mfa_text="${${mfa_line#*=}# }" mfa_key="${mfa_key% }"
    [[ $mfa_key != *[$' \t'] ]] || mfa_key="${mfa_key%"${mfa_key##*[^$' \t']}"}"
    case $mfa_key in
      role_arn | credential_process | sso_session | sso_start_url | sso_account_id | sso_role_name | sso_region) ;;
      web_identity_token_file | login_session | mfa_env_source | mfa_env_role) ;;
      use_fips_endpoint | use_dualstack_endpoint | ca_bundle | endpoint_url) ;;
      aws_access_key_id | aws_secret_access_key | aws_session_token | aws_security_token | x_security_token_expires) ;;
      region | source_profile | mfa_env_save | aws_arn_mfa | mfa_serial | aws_mfa_device) ;;
      # What is no key, looks like one of them, or may be a line that lost its end.
      '' | *[A-Z]* | *[$' \t'][\#\;]* | *role_arn* | *_profile* | *credential_* | *sso_* | *web_identity*) \builtin return 1 ;;
      *login_session* | *aws_* | *mfa_serial* | *mfa_env_*) \builtin return 1 ;;
      *)
        [[ $mfa_text != *=* ]] || \builtin return 1
        \builtin continue
        ;;
    esac
    [[ $mfa_keys != *" $mfa_key "* ]] || \builtin return 1
    mfa_keys+="$mfa_key "
    if [[ -n $mfa_odd || $mfa_text[1] == ' ' || $mfa_text[-1] == ' ' ]]; then
      mfa_text="${mfa_text#"${mfa_text%%[^$' \t']*}"}"
      mfa_text="${mfa_text%"${mfa_text##*[^$' \t']}"}"
      [[ $mfa_line != *[$' \t'][\#\;]* && $mfa_text != '<'*'>' ]] || \builtin return 1
    fi
    [[ -n $mfa_text ]] || \builtin continue
    case $mfa_key in
      credential_process) mfa_hidden=1 mfa_command=1 ;;
      role_arn) mfa_hidden=1 mfa_value[role_arn]="$mfa_text" ;;
      sso_* | web_* | login_*) mfa_hidden=1 ;;
      use_* | ca_bundle | endpoint_url) mfa_settings=1 ;;
      *) mfa_value[$mfa_key]="$mfa_text" ;;
    esac
  done
}

# → mfa_key: the access key ID of the profile's source, `command` if a command gives it, empty if there is none; and the region
# and the device that the profile lacks. The search is the program's: source_profile, a name with a suffix, keys of its own.
__mfa_env_source() {
  \builtin local mfa_at="$mfa_name" mfa_next="$mfa_source" mfa_suffix="" mfa_standard="" mfa_hops=""
  \builtin local mfa_at_pair="$mfa_own_pair" mfa_at_command="$mfa_own_command"
  for mfa_hops in 1 2 3; do
    [[ $mfa_next != "$mfa_at" ]] || \builtin return 1
    mfa_standard=""
    if [[ -z $mfa_next ]]; then
      for mfa_suffix in -default -long-term -permanent; do
        ((${mfa_names[(Ie)$mfa_at$mfa_suffix]})) || \builtin continue
        mfa_next="$mfa_at$mfa_suffix" mfa_standard=1
        \builtin break
      done
      if [[ -z $mfa_next ]]; then
        mfa_key="${mfa_at_pair:-${mfa_at_command:+command}}"
        \builtin return 0
      fi
    fi
    [[ $mfa_next != *[^A-Za-z0-9_./%@:+-]* ]] && __mfa_env_profile "$mfa_next" && [[ -n $mfa_there ]] || \builtin return 1
    # Of a role, the region and the device are its own.
    if [[ -z $mfa_role ]]; then
      mfa_region="${mfa_region:-${mfa_value[region]-}}"
      mfa_device="${mfa_device:-${mfa_value[aws_arn_mfa]:-${mfa_value[mfa_serial]:-${mfa_value[aws_mfa_device]-}}}}"
    fi
    if [[ -n $mfa_pair ]] || [[ -n $mfa_command && -z $mfa_role ]]; then
      mfa_key="${mfa_pair:-command}"
      \builtin return 0
    fi
    # A role behind a role, or as the source of a profile without one.
    [[ -z ${mfa_value[role_arn]-} ]] || \builtin return 1
    [[ -z $mfa_standard || -n $mfa_role || -n ${mfa_value[source_profile]-} ]] || \builtin return 0
    mfa_at="$mfa_next" mfa_next="${mfa_value[source_profile]-}" mfa_at_pair="" mfa_at_command="$mfa_command"
  done
  \builtin return 1
}

# EXPIRY → mfa_epoch, and mfa_now, in seconds since 1970. Fails for another form, and for a day that there is not.
__mfa_env_epoch() {
  [[ $1 == [0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z ]] || \builtin return 1
  \builtin local -i 10 mfa_year="10#${1[1,4]}" mfa_month="10#${1[6,7]}" mfa_day="10#${1[9,10]}" mfa_hour="10#${1[12,13]}" mfa_days
  mfa_days="$((30 + (mfa_month + mfa_month / 8) % 2))"
  ((mfa_month != 2)) || mfa_days="$((28 + (mfa_year % 4 == 0 && mfa_year % 100 != 0 || mfa_year % 400 == 0)))"
  ((mfa_year >= 1970 && mfa_month >= 1 && mfa_month <= 12 && mfa_day >= 1 && mfa_day <= mfa_days && mfa_hour <= 23)) || \builtin return 1
  # The year begins in March, so that the day that some years have more is its last.
  if ((mfa_month > 2)); then ((mfa_month -= 3, 1)); else ((mfa_month += 9, mfa_year -= 1, 1)); fi
  mfa_days="$((365 * mfa_year + mfa_year / 4 - mfa_year / 100 + mfa_year / 400 + (153 * mfa_month + 2) / 5 + mfa_day - 719469))"
  mfa_epoch="$((mfa_days * 86400 + mfa_hour * 3600 + 10#${1[15,16]} * 60 + 10#${1[18,19]}))"
  # A prompt knows the time without a module.
  mfa_now='%D{%s}'
  mfa_now="${(%)mfa_now}"
  [[ -n $mfa_now && $mfa_now != *[^0-9]* ]]
}

# REGION: whether the profile's region is to be exported where the user set this one: only where it is of another partition
# than the session.
__mfa_env_is_for_region() {
  \builtin local mfa_of_session=""
  case $mfa_device in
    arn:aws:* | arn:aws-cn:* | arn:aws-us-gov:* | arn:aws-iso:* | arn:aws-iso-[bef]:* | arn:aws-eusc:*)
      mfa_partition="${${mfa_device#arn:}%%:*}"
      ;;
    *)
      [[ -n $mfa_region ]] || \builtin return 1
      __mfa_env_partition "$mfa_region"
      ;;
  esac
  mfa_of_session="$mfa_partition"
  __mfa_env_partition "$1"
  [[ $mfa_partition != "$mfa_of_session" ]]
}

# REGION → mfa_partition.
__mfa_env_partition() {
  case $1 in
    cn-*) mfa_partition=aws-cn ;;
    us-gov-*) mfa_partition=aws-us-gov ;;
    us-iso-*) mfa_partition=aws-iso ;;
    us-isob-*) mfa_partition=aws-iso-b ;;
    eu-isoe-*) mfa_partition=aws-iso-e ;;
    us-isof-*) mfa_partition=aws-iso-f ;;
    eusc-*) mfa_partition=aws-eusc ;;
    *) mfa_partition=aws ;;
  esac
}

# What the program's statements do. The variables can be set: __mfa_env_load has seen to it.
__mfa_env_export() {
  \builtin unset MFA_ENV_MISLEADING
  \builtin export "AWS_ACCESS_KEY_ID=$mfa_id" "AWS_SECRET_ACCESS_KEY=$mfa_secret" "AWS_SESSION_TOKEN=$mfa_token" \
    "AWS_CREDENTIAL_EXPIRATION=$mfa_expires" "AWS_SESSION_EXPIRATION=$mfa_expires" "MFA_ENV_PROFILE=$mfa_name" || \builtin return 1
  if [[ -n $mfa_region ]]; then
    \builtin export "AWS_REGION=$mfa_region" "AWS_DEFAULT_REGION=$mfa_region" "MFA_ENV_REGION=$mfa_region"
  else
    if [[ -n ${AWS_REGION-} && $AWS_REGION == "${MFA_ENV_REGION-}" ]]; then
      \builtin unset AWS_REGION AWS_DEFAULT_REGION || \builtin return 1
    fi
    \builtin unset MFA_ENV_REGION
  fi
}

# One line, where less than an hour is left.
__mfa_env_tell() {
  \builtin local mfa_account="${mfa_role:-$mfa_device}"
  [[ $mfa_account == arn:*:iam::*:* ]] || mfa_account=""
  mfa_account="${${mfa_account#arn:*:iam::}%%:*}"
  [[ $mfa_account != *[^0-9]* ]] || mfa_account=""
  \builtin printf 'mfa-env: %s%s: the saved session lives %dm more\n' "$mfa_name" "${mfa_account:+ in $mfa_account}" "$((mfa_left / 60))" >&2
}
