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
  \builtin local mfa_each="" mfa_spare_device="" mfa_partition=""
  \builtin local -A mfa_value
  \builtin local -a mfa_names
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
  __mfa_env_profile "$mfa_name" && [[ -n $mfa_there ]] || \builtin return 1
  case ${mfa_value[mfa_env_save]-} in
    '' | true | false) ;;
    *) \builtin return 1 ;;
  esac
  \builtin local mfa_region="${mfa_value[region]-}" mfa_source="${mfa_value[source_profile]-}"
  \builtin local mfa_device="${mfa_value[aws_arn_mfa]:-${mfa_value[mfa_serial]:-${mfa_value[aws_mfa_device]-}}}"
  \builtin local mfa_role="${mfa_value[role_arn]-}"
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
  [[ ${#mfa_id} -ge 4 && ${#mfa_id} -le 128 && $mfa_id != *[^A-Za-z0-9_]* && $mfa_id != AKIA* ]] &&
    [[ -n $mfa_secret && $mfa_secret != *[^\!-~]* && -n $mfa_token && $mfa_token != *[^\!-~]* ]] &&
    [[ $mfa_expires > $mfa_expiry ]] && __mfa_env_epoch "$mfa_expires" || \builtin return 1
  # A second for what the clock leaves out.
  mfa_left="$((mfa_epoch - mfa_now))"
  ((mfa_left > 300)) || \builtin return 1

  if [[ -n $mfa_role ]]; then
    # What it lacks would be looked for in the profiles behind the role.
    [[ -n $mfa_region ]] && [[ -n $mfa_device || -z ${AWS_REGION-}${AWS_DEFAULT_REGION-} ]] || \builtin return 1
    case $mfa_device in
      arn:aws:* | arn:aws-cn:* | arn:aws-us-gov:* | arn:aws-iso:* | arn:aws-iso-[bef]:* | arn:aws-eusc:*) ;;
      *) mfa_device="$mfa_role" ;;
    esac
  elif [[ -z $mfa_region || -z $mfa_device ]]; then
    __mfa_env_source || \builtin return 1
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

# NAME: what both files say of it, the credentials file winning. A header is a `[` in a line's first column.
__mfa_env_profile() {
  \builtin local mfa_kind="" mfa_text="" mfa_line="" mfa_title="" mfa_found="" mfa_at=""
  \builtin local -a mfa_parts
  mfa_there="" mfa_hidden="" mfa_pair="" mfa_value=()
  for mfa_kind in config credentials; do
    case $mfa_kind in
      config) __mfa_env_read "${AWS_CONFIG_FILE:-"~/.aws/config"}" ;;
      *) __mfa_env_read "${AWS_SHARED_CREDENTIALS_FILE:-"~/.aws/credentials"}" ;;
    esac || \builtin return 1
    mfa_text=$'\n'"$mfa_text"
    mfa_parts=("${(@ps:\n[:)mfa_text}") mfa_found="" mfa_at=2
    # Those whose first line has the name in it; a subscript finds them without a copy of any.
    while mfa_at="${mfa_parts[(ib:mfa_at:)[^$'\n']#$1*]}" && ((mfa_at <= ${#mfa_parts})); do
      mfa_line="${${mfa_parts[mfa_at]%%$'\n'*}%$'\r'}"
      # One blank may stand inside, as in `profile prod` and `sso-session corp`.
      mfa_title="${mfa_line%\]}"
      [[ $mfa_line == *\] && ${mfa_title/ /} != *[^A-Za-z0-9_./%@:+-]* ]] || \builtin return 1
      case $mfa_kind:$mfa_title in
        *': '* | *' ' | 'config:profile default') \builtin return 1 ;;
        'config:profile '*) mfa_title="${mfa_title#profile }" ;;
        config:default) ;;
        config:* | *' '*) mfa_title="" ;;
      esac
      mfa_names+=("$mfa_title")
      if [[ $mfa_title == "$1" ]]; then
        [[ -z $mfa_found ]] || \builtin return 1
        mfa_found="$mfa_at"
      fi
      ((mfa_at += 1))
    done
    if [[ -n $mfa_found ]]; then
      mfa_there=1
      __mfa_env_properties || \builtin return 1
    fi
    if [[ $mfa_kind == config ]]; then
      # Keys in the config file: long-lived ones hide a session of the same name, a session would be spread over both files.
      [[ -z ${mfa_value[aws_session_token]-}${mfa_value[aws_security_token]-}${mfa_value[x_security_token_expires]-} ]] || \builtin return 1
    fi
    # The keys are read together: of what stands here and there none is a pair.
    [[ -z ${mfa_value[aws_access_key_id]-}${mfa_value[aws_secret_access_key]-}${mfa_value[aws_session_token]-}${mfa_value[aws_security_token]-} ]] || mfa_pair=""
    if [[ $mfa_kind == credentials && ${mfa_value[aws_access_key_id]-} != AKIA* && -n ${mfa_value[aws_session_token]-}${mfa_value[aws_security_token]-} ]]; then
      \builtin return 0
    fi
    [[ -z ${mfa_value[aws_access_key_id]-}${mfa_value[aws_secret_access_key]-} ]] || mfa_hidden=1
    [[ -z ${mfa_value[aws_access_key_id]-} || -z ${mfa_value[aws_secret_access_key]-} ]] || mfa_pair=1
    [[ $mfa_kind == credentials ]] || mfa_value[aws_access_key_id]="" mfa_value[aws_secret_access_key]=""
  done
}

# FILE → mfa_text. Fails where the file is no regular one, or over 400 000 bytes; what is missing is empty.
__mfa_env_read() {
  \builtin local mfa_path="$1"
  mfa_text=""
  case $mfa_path in
    '~/'*)
      [[ -n ${HOME-} ]] || \builtin return 1
      mfa_path="$HOME/${mfa_path[3,-1]}"
      ;;
    /dev/null) \builtin return 0 ;;
    '~\'*) \builtin return 1 ;;
  esac
  if [[ ! -f $mfa_path || ! -r $mfa_path ]]; then
    __mfa_env_is_missing "$mfa_path"
    \builtin return
  fi
  \builtin sysread -s 400001 mfa_text <"$mfa_path"
  # 5 is the end of the file.
  [[ ($? == 0 || $? == 5) && ${#mfa_text} -le 400000 ]]
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

# mfa_parts, mfa_found → mfa_value, the keys that count.
__mfa_env_properties() {
  \builtin local mfa_key="" mfa_keys=" " mfa_odd=""
  # What is looked for in each line only where it is anywhere.
  case ${mfa_parts[mfa_found]} in
    *$'\r'* | *' #'* | *' ;'* | *$'\t'* | *'<'*) mfa_odd=1 ;;
  esac
  for mfa_line in "${(@)${(@f)mfa_parts[mfa_found]}[2,-1]}"; do
    [[ -z $mfa_odd ]] || mfa_line="${mfa_line%$'\r'}"
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
      '' | *[A-Z]* | *[$' \t'][\#\;]*) \builtin return 1 ;;
      role_arn | credential_process | sso_session | sso_start_url | sso_account_id | sso_role_name | sso_region | web_identity_token_file) ;;
      aws_access_key_id | aws_secret_access_key | aws_session_token | aws_security_token | x_security_token_expires) ;;
      region | source_profile | mfa_env_save | aws_arn_mfa | mfa_serial | aws_mfa_device) ;;
      *) \builtin continue ;;
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
      credential_process) mfa_hidden=1 mfa_pair=1 ;;
      role_arn) mfa_hidden=1 mfa_value[role_arn]="$mfa_text" ;;
      sso_* | web_*) mfa_hidden=1 ;;
      *) mfa_value[$mfa_key]="$mfa_text" ;;
    esac
  done
}

# Looks for the region and the device, where the profile has none, in its source.
__mfa_env_source() {
  \builtin local mfa_suffix="" mfa_standard=""
  [[ $mfa_source != "$mfa_name" ]] || \builtin return 1
  if [[ -z $mfa_source ]]; then
    for mfa_suffix in -default -long-term -permanent; do
      ((${mfa_names[(Ie)$mfa_name$mfa_suffix]})) || \builtin continue
      mfa_source="$mfa_name$mfa_suffix" mfa_standard=1
      \builtin break
    done
    [[ -n $mfa_source ]] || \builtin return 0
  fi
  [[ $mfa_source != *[^A-Za-z0-9_./%@:+-]* ]] && __mfa_env_profile "$mfa_source" || \builtin return 1
  mfa_region="${mfa_region:-${mfa_value[region]-}}"
  mfa_device="${mfa_device:-${mfa_value[aws_arn_mfa]:-${mfa_value[mfa_serial]:-${mfa_value[aws_mfa_device]-}}}}"
  # What is still missing would be looked for in the source's own source.
  [[ -n $mfa_region && -n $mfa_device || -n $mfa_pair ]] ||
    [[ -n $mfa_standard && -z ${mfa_value[source_profile]-} ]]
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
