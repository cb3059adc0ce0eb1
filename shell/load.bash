# shellcheck shell=bash disable=SC2154,SC2034,SC1003,SC2015,SC2043,SC2088
# A living saved session → the environment of this shell, by builtins alone; for bash, from 3.2 on.
#
# What is not plain is left to the program: the functions then fail, and nothing has changed. Builtins are called with a
# backslash and through `builtin`, so that no alias and no function of the user's takes their place; the variables begin
# with `mfa_`, so that none that is read-only stands in the way. Text from files and from the environment is compared, and
# is never a pattern; it is a number only once its whole form has matched, in the C locale.

# PROFILE [EXPIRY]: loads the saved session of a profile; with EXPIRY one that lives longer, and without a word.
__mfa_env_load() {
  \builtin local mfa_name="$1" mfa_device mfa_role mfa_left mfa_loaded=0
  # Bash complains of a locale that is not installed when it goes back to it, and of variables that are read-only.
  __mfa_env_load_session "${2-}" 2>/dev/null || mfa_loaded=$?
  if [[ $# == 1 && ${mfa_loaded} == 2 ]]; then
    \builtin printf 'mfa-env: error: %s has a session, of which this shell takes a part only: one of its variables is read-only\n' "${mfa_name}" >&2
  elif [[ $# == 1 && ${mfa_loaded} == 0 && ${mfa_left} -lt 3600 && -t 2 ]]; then
    __mfa_env_tell
  fi
  \builtin return "${mfa_loaded}"
}

# EXPIRY: loads the session of mfa_name, without a word.
__mfa_env_load_session() {
  \builtin local LC_ALL=C IFS=$' \t\n' mfa_names="" mfa_there mfa_hidden mfa_pair || \builtin return 1
  \builtin local mfa_region mfa_source_profile mfa_mfa_env_save mfa_aws_arn_mfa mfa_mfa_serial mfa_aws_mfa_device
  \builtin local mfa_aws_access_key_id mfa_aws_secret_access_key mfa_aws_session_token mfa_aws_security_token
  \builtin local mfa_x_security_token_expires mfa_role_arn mfa_epoch mfa_now mfa_partition
  # With it, [PROD] would be [prod].
  ! \builtin shopt -q nocasematch || \builtin return 1
  __mfa_env_is_name "${mfa_name}" && [[ -z ${MFA_ENV_COMMAND-} ]] && __mfa_env_is_exported && __mfa_env_is_text || \builtin return 1
  __mfa_env_profile "${mfa_name}" && [[ -n ${mfa_there} ]] || \builtin return 1
  [[ -z ${mfa_mfa_env_save} || ${mfa_mfa_env_save} == true || ${mfa_mfa_env_save} == false ]] || \builtin return 1
  \builtin local mfa_own_region="${mfa_region}" mfa_source="${mfa_source_profile}" mfa_spare_device=""
  mfa_device=${mfa_aws_arn_mfa:-${mfa_mfa_serial:-${mfa_aws_mfa_device}}} mfa_role=${mfa_role_arn}
  if [[ -n ${mfa_hidden} ]]; then
    __mfa_env_profile "${mfa_name}-mfa" || \builtin return 1
    # The section may be a profile of its own.
    [[ -z ${mfa_hidden} && (-z ${mfa_source_profile} || ${mfa_source_profile} == "${mfa_name}") ]] || \builtin return 1
    case $'\n'${mfa_names} in
      *$'\n'"${mfa_name}-mfa-default"$'\n'* | *$'\n'"${mfa_name}-mfa-long-term"$'\n'* | *$'\n'"${mfa_name}-mfa-permanent"$'\n'*) \builtin return 1 ;;
    esac
    mfa_spare_device=${mfa_aws_arn_mfa:-${mfa_mfa_serial:-${mfa_aws_mfa_device}}}
  fi
  \builtin local mfa_id="${mfa_aws_access_key_id}" mfa_secret="${mfa_aws_secret_access_key}"
  \builtin local mfa_token="${mfa_aws_session_token}" mfa_expires="${mfa_x_security_token_expires}"
  __mfa_env_lives "$1" || \builtin return 1

  if [[ -n ${mfa_role} ]]; then
    # What it lacks would be looked for in the profiles behind the role.
    [[ -n ${mfa_own_region} && (-n ${mfa_device} || -z ${AWS_REGION-}${AWS_DEFAULT_REGION-}) ]] || \builtin return 1
    case ${mfa_device} in
      arn:aws:* | arn:aws-cn:* | arn:aws-us-gov:* | arn:aws-iso:* | arn:aws-iso-[bef]:* | arn:aws-eusc:*) ;;
      *) mfa_device=${mfa_role} ;;
    esac
  elif [[ -z ${mfa_own_region} || -z ${mfa_device} ]]; then
    __mfa_env_source || \builtin return 1
  fi
  mfa_device=${mfa_device:-${mfa_spare_device}}
  [[ -z ${mfa_own_region} ]] || __mfa_env_is_region "${mfa_own_region}" || \builtin return 1
  if [[ -n $1 && -n ${AWS_REGION-} && ${AWS_REGION} == "${MFA_ENV_REGION-}" ]]; then
    # With EXPIRY the same session goes on: so does its region, which may be that of an option.
    mfa_own_region=${AWS_REGION}
  else
    __mfa_env_is_for_region || mfa_own_region=""
  fi
  __mfa_env_export || \builtin return 2
}

__mfa_env_is_name() {
  [[ -n $1 && $1 != *[!A-Za-z0-9_./%@:+-]* ]]
}

__mfa_env_is_region() {
  [[ ${#1} -le 63 && $1 != *[!a-z0-9-]* ]]
}

# Whether the program would see the variables that this shell has: they are exported. Only bash from 4.4 on tells.
__mfa_env_is_exported() {
  ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 404)) || \builtin return 0
  \builtin local mfa_attributes="${HOME:+[${HOME@a}]}${AWS_SHARED_CREDENTIALS_FILE:+[${AWS_SHARED_CREDENTIALS_FILE@a}]}"
  mfa_attributes+="${AWS_CONFIG_FILE:+[${AWS_CONFIG_FILE@a}]}${AWS_REGION:+[${AWS_REGION@a}]}${AWS_DEFAULT_REGION:+[${AWS_DEFAULT_REGION@a}]}"
  mfa_attributes+="${MFA_ENV_REGION:+[${MFA_ENV_REGION@a}]}${AWS_PROFILE:+[${AWS_PROFILE@a}]}${MFA_ENV_PROFILE:+[${MFA_ENV_PROFILE@a}]}"
  mfa_attributes=${mfa_attributes//"[x]"/}
  [[ -z ${mfa_attributes//"[rx]"/} ]]
}

# Whether what is to be set holds any text: `declare -i` would calculate it, `-l` and `-u` change it, and no child sees a list. Only
# bash from 4.4 on tells, from 5.1 on also of what has no value yet. As a list, a variable may be unset under `set -u`.
__mfa_env_is_text() {
  ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 404)) || \builtin return 0
  \builtin local mfa_types="${AWS_ACCESS_KEY_ID[*]@a}${AWS_SECRET_ACCESS_KEY[*]@a}${AWS_SESSION_TOKEN[*]@a}${MFA_ENV_PROFILE[*]@a}"
  mfa_types+="${AWS_CREDENTIAL_EXPIRATION[*]@a}${AWS_SESSION_EXPIRATION[*]@a}${AWS_REGION[*]@a}${AWS_DEFAULT_REGION[*]@a}${MFA_ENV_REGION[*]@a}"
  [[ ${mfa_types} != *[!rtx]* ]]
}

# FILE → mfa_parts: its text, cut at every `[`. Fails where it is no regular file, has a NUL, or over 400 000 bytes; what is
# missing is empty.
__mfa_env_read() {
  \builtin local mfa_path="$1" mfa_rest=""
  mfa_parts=()
  case ${mfa_path} in
    '~/'*)
      [[ -n ${HOME-} ]] || \builtin return 1
      mfa_path=${HOME}/${mfa_path#'~/'}
      ;;
    /dev/null) \builtin return 0 ;;
    # Bash makes connections of some of these names.
    '~\'* | /dev/*) \builtin return 1 ;;
  esac
  if [[ ! -f ${mfa_path} || ! -r ${mfa_path} ]]; then
    __mfa_env_is_missing "${mfa_path}"
    \builtin return
  fi
  # It succeeds only where it does not come to the end: at a NUL, or at the limit.
  ! IFS='[' \builtin read -r -d '' -n 400000 -a mfa_parts <"${mfa_path}" || \builtin return 1
  ((${#mfa_parts[@]} > 0)) && [[ ${mfa_parts[${#mfa_parts[@]} - 1]} != *$'\n' ]] || \builtin return 0
  # Where no line end is the last, a `[` may be, which the parts do not show.
  \builtin read -r -d '' mfa_rest <"${mfa_path}" || [[ ${mfa_rest} != *'[' ]]
}

# FILE: whether it is surely not there. What cannot be looked at may be there.
__mfa_env_is_missing() {
  \builtin local mfa_path="$1" mfa_folder
  while [[ ! -e ${mfa_path} && ! -L ${mfa_path} ]]; do
    mfa_folder=${mfa_path##*/}
    ((${#mfa_folder} <= 255 && ${#mfa_path} < 4096)) || \builtin return 1
    case ${mfa_path} in
      /*/*) mfa_folder=${mfa_path%/*} ;;
      /*) mfa_folder=/ ;;
      */*) mfa_folder=${mfa_path%/*} ;;
      *) mfa_folder=. ;;
    esac
    if [[ -d ${mfa_folder} ]]; then
      [[ -x ${mfa_folder} ]]
      \builtin return
    fi
    mfa_path=${mfa_folder}
  done
  \builtin return 1
}

# NAME: what both files say of it, the credentials file winning.
__mfa_env_profile() {
  mfa_there="" mfa_hidden="" mfa_pair="" mfa_role_arn="" mfa_region="" mfa_source_profile="" mfa_mfa_env_save=""
  mfa_aws_arn_mfa="" mfa_mfa_serial="" mfa_aws_mfa_device="" mfa_aws_access_key_id="" mfa_aws_secret_access_key=""
  mfa_aws_session_token="" mfa_aws_security_token="" mfa_x_security_token_expires=""
  __mfa_env_section config "$1" "${AWS_CONFIG_FILE:-"~/.aws/config"}" || \builtin return 1
  # Keys in the config file: long-lived ones hide a session of the same name, a session would be spread over both files.
  [[ -z ${mfa_aws_session_token}${mfa_aws_security_token}${mfa_x_security_token_expires} ]] || \builtin return 1
  [[ -z ${mfa_aws_access_key_id}${mfa_aws_secret_access_key} ]] || mfa_hidden=1
  [[ -z ${mfa_aws_access_key_id} || -z ${mfa_aws_secret_access_key} ]] || mfa_pair=1
  mfa_aws_access_key_id="" mfa_aws_secret_access_key=""
  __mfa_env_section credentials "$1" "${AWS_SHARED_CREDENTIALS_FILE:-"~/.aws/credentials"}" || \builtin return 1
  # The keys are read together: of what stands here and there none is a pair.
  [[ -z ${mfa_aws_access_key_id}${mfa_aws_secret_access_key}${mfa_aws_session_token}${mfa_aws_security_token} ]] || mfa_pair=""
  if [[ ${mfa_aws_access_key_id} == AKIA* || -z ${mfa_aws_session_token}${mfa_aws_security_token} ]]; then
    [[ -z ${mfa_aws_access_key_id}${mfa_aws_secret_access_key} ]] || mfa_hidden=1
    [[ -z ${mfa_aws_access_key_id} || -z ${mfa_aws_secret_access_key} ]] || mfa_pair=1
  fi
}

# KIND NAME FILE: reads the one section of that name. A header is a `[` in a line's first column.
__mfa_env_section() {
  \builtin local mfa_kind="$1" mfa_wanted="$2" mfa_parts mfa_line mfa_title mfa_index=-1 mfa_found="" mfa_body="" mfa_keys=" "
  __mfa_env_read "$3" || \builtin return 1
  # The first line of each part, of all at once: a look at every character would take most of the time.
  for mfa_line in ${mfa_parts[@]+"${mfa_parts[@]%%$'\n'*}"}; do
    [[ $((mfa_index += 1)) != 0 && ${mfa_line} == *"${mfa_wanted}"* ]] || \builtin continue
    __mfa_env_ends_line "$((mfa_index - 1))" || \builtin continue
    __mfa_env_title || \builtin return 1
    [[ ${mfa_title} == "${mfa_wanted}" ]] || \builtin continue
    [[ -z ${mfa_found} ]] || \builtin return 1
    mfa_found=${mfa_index}
  done
  [[ -n ${mfa_found} ]] || \builtin return 0
  mfa_there=1 mfa_body=${mfa_parts[mfa_found]}$'\n'
  mfa_line=${mfa_body%%$'\n'*}
  mfa_body=${mfa_body:${#mfa_line}+1}
  while ! __mfa_env_ends_line "${mfa_found}" && ((mfa_found < mfa_index)); do
    mfa_found=$((mfa_found + 1)) mfa_body=${mfa_body%?}[${mfa_parts[mfa_found]}$'\n'
  done
  __mfa_env_properties
}

# Whether a part ends with a line, so that the next one is a header.
__mfa_env_ends_line() {
  [[ -n ${mfa_parts[$1]} ]] || (($1 == 0)) || \builtin return 1
  [[ -z ${mfa_parts[$1]} || ${mfa_parts[$1]: -1} == $'\n' ]]
}

# mfa_line, without its `[` → mfa_title: the profile's name, none where it is no profile's header. Fails for any but the plain form.
__mfa_env_title() {
  mfa_title=${mfa_line%$'\r'}
  [[ ${mfa_title} == *"]" ]] || \builtin return 1
  mfa_title=${mfa_title%"]"}
  # One blank may stand inside, as in `profile prod` and `sso-session corp`.
  case ${mfa_title/ /%} in
    *[!A-Za-z0-9_./%@:+-]*) \builtin return 1 ;;
  esac
  case ${mfa_kind}:${mfa_title} in
    *': '* | *' ' | 'config:profile default') \builtin return 1 ;;
    'config:profile '*) mfa_title=${mfa_title#profile } ;;
    config:default) ;;
    config:* | *' '*) mfa_title="" ;;
  esac
  mfa_names+=${mfa_title}$'\n'
}

# mfa_body → the variables of the keys that count.
__mfa_env_properties() {
  \builtin local IFS=$'\n' mfa_key mfa_value mfa_lines mfa_odd="" mfa_globs="$-"
  case ${mfa_body} in
    # What is looked for in each line only where it is anywhere.
    *$'\r'* | *' #'* | *' ;'* | *$'\t'* | *'<'*) mfa_odd=$'\t' ;;
  esac
  # Cut into lines, of which the empty ones go.
  \builtin set -f
  # shellcheck disable=SC2206
  mfa_lines=(${mfa_body})
  [[ ${mfa_globs} == *f* ]] || \builtin set +f
  for mfa_line in ${mfa_lines[@]+"${mfa_lines[@]}"}; do
    [[ -z ${mfa_odd} || ${mfa_line} != *$'\r' ]] || mfa_line=${mfa_line%?}
    case ${mfa_line} in
      '' | [\#\;]*) \builtin continue ;;
      [$' \t']*)
        [[ ${mfa_line} != *[!$' \t']* ]] || \builtin return 1
        \builtin continue
        ;;
      *=*) mfa_key=${mfa_line%%=*} ;;
      *) \builtin return 1 ;;
    esac
    mfa_value=${mfa_line:${#mfa_key}+1}
    case ${mfa_key} in
      *[$' \t']) mfa_key=${mfa_key%"${mfa_key##*[!$' \t']}"} ;;
    esac
    case ${mfa_key} in
      '' | *[A-Z]* | *[$' \t'][\#\;]*) \builtin return 1 ;;
      role_arn | credential_process | sso_session | sso_start_url | sso_account_id | sso_role_name | sso_region | web_identity_token_file) ;;
      aws_access_key_id | aws_secret_access_key | aws_session_token | aws_security_token | x_security_token_expires) ;;
      region | source_profile | mfa_env_save | aws_arn_mfa | mfa_serial | aws_mfa_device) ;;
      *) \builtin continue ;;
    esac
    case ${mfa_keys} in *" ${mfa_key} "*) \builtin return 1 ;; esac
    mfa_keys+="${mfa_key} " mfa_value=${mfa_value# }
    case ${mfa_odd}${mfa_value:0:1}${mfa_value: -1} in
      '') \builtin continue ;;
      *[$' \t']*)
        mfa_value=${mfa_value#"${mfa_value%%[!$' \t']*}"}
        mfa_value=${mfa_value%"${mfa_value##*[!$' \t']}"}
        [[ -n ${mfa_value} ]] || \builtin continue
        [[ -z ${mfa_odd} || ${mfa_line} != *[$' \t'][\#\;]* && ${mfa_value} != '<'*'>' ]] || \builtin return 1
        ;;
    esac
    case ${mfa_key} in
      credential_process) mfa_hidden=1 mfa_pair=1 ;;
      role_arn) mfa_hidden=1 mfa_role_arn=${mfa_value} ;;
      sso_* | web_*) mfa_hidden=1 ;;
      *) \builtin printf -v "mfa_${mfa_key}" %s "${mfa_value}" ;;
    esac
  done
}

# Looks for the region and the device, where the profile has none, in its source.
__mfa_env_source() {
  \builtin local mfa_suffix mfa_standard=""
  [[ ${mfa_source} != "${mfa_name}" ]] || \builtin return 1
  if [[ -z ${mfa_source} ]]; then
    for mfa_suffix in -default -long-term -permanent; do
      [[ $'\n'${mfa_names} == *$'\n'"${mfa_name}${mfa_suffix}"$'\n'* ]] || \builtin continue
      mfa_source=${mfa_name}${mfa_suffix} mfa_standard=1
      \builtin break
    done
    [[ -n ${mfa_source} ]] || \builtin return 0
  fi
  __mfa_env_is_name "${mfa_source}" && __mfa_env_profile "${mfa_source}" || \builtin return 1
  mfa_own_region=${mfa_own_region:-${mfa_region}}
  mfa_device=${mfa_device:-${mfa_aws_arn_mfa:-${mfa_mfa_serial:-${mfa_aws_mfa_device}}}}
  # What is still missing would be looked for in the source's own source.
  [[ -n ${mfa_own_region} && -n ${mfa_device} || -n ${mfa_pair} ]] ||
    [[ -n ${mfa_standard} && -z ${mfa_source_profile} ]]
}

# EXPIRY: whether the session is one, and lives five minutes more, and longer than until EXPIRY.
__mfa_env_lives() {
  [[ ${#mfa_id} -ge 4 && ${#mfa_id} -le 128 && ${mfa_id} != *[!A-Za-z0-9_]* && ${mfa_id} != AKIA* ]] &&
    [[ -n ${mfa_secret} && ${mfa_secret} != *[!!-~]* && -n ${mfa_token} && ${mfa_token} != *[!!-~]* ]] &&
    [[ ${mfa_expires} > $1 ]] && __mfa_env_epoch "${mfa_expires}" && __mfa_env_clock || \builtin return 1
  # A second for what the clock leaves out.
  mfa_left=$((mfa_epoch - mfa_now))
  ((mfa_left > 300))
}

# EXPIRY → mfa_epoch, in seconds since 1970.
__mfa_env_epoch() {
  [[ $1 == [0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z ]] || \builtin return 1
  \builtin local mfa_year="$((10#${1:0:4}))" mfa_month="$((10#${1:5:2}))" mfa_day="$((10#${1:8:2}))" mfa_hour="$((10#${1:11:2}))"
  \builtin local mfa_days="$((30 + (mfa_month + mfa_month / 8) % 2))"
  ((mfa_month != 2)) || mfa_days=$((28 + (mfa_year % 4 == 0 && mfa_year % 100 != 0 || mfa_year % 400 == 0)))
  ((mfa_year >= 1970 && mfa_month >= 1 && mfa_month <= 12 && mfa_day >= 1 && mfa_day <= mfa_days && mfa_hour <= 23)) || \builtin return 1
  # The year begins in March, so that the day that some years have more is its last.
  ((mfa_month > 2 ? (mfa_month -= 3) : (mfa_month += 9, mfa_year -= 1), 1))
  mfa_days=$((365 * mfa_year + mfa_year / 4 - mfa_year / 100 + mfa_year / 400 + (153 * mfa_month + 2) / 5 + mfa_day - 719469))
  mfa_epoch=$((mfa_days * 86400 + mfa_hour * 3600 + 10#${1:14:2} * 60 + 10#${1:17:2}))
}

# → mfa_now, in seconds since 1970; by `date` where bash has no clock (before 4.2).
__mfa_env_clock() {
  mfa_now=""
  ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] < 402)) || \builtin printf -v mfa_now '%(%s)T' -1
  [[ -n ${mfa_now} && ${mfa_now} != *[!0-9]* ]] || mfa_now=$(\command date +%s)
  [[ -n ${mfa_now} && ${mfa_now} != *[!0-9]* ]]
}

# Whether the profile's region is to be exported: not where the user set one, unless it is of another partition than the session.
__mfa_env_is_for_region() {
  \builtin local mfa_users="${AWS_REGION:-${AWS_DEFAULT_REGION-}}"
  [[ -n ${mfa_users} && ${mfa_users} != "${MFA_ENV_REGION-}" ]] || \builtin return 0
  case ${mfa_device} in
    arn:aws:* | arn:aws-cn:* | arn:aws-us-gov:* | arn:aws-iso:* | arn:aws-iso-[bef]:* | arn:aws-eusc:*)
      mfa_partition=${mfa_device#arn:}
      mfa_partition=${mfa_partition%%:*}
      ;;
    *)
      [[ -n ${mfa_own_region} ]] || \builtin return 1
      __mfa_env_partition "${mfa_own_region}"
      ;;
  esac
  \builtin local mfa_of_session="${mfa_partition}"
  __mfa_env_partition "${mfa_users}"
  [[ ${mfa_partition} != "${mfa_of_session}" ]]
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

# Unsets what would send a tool to another identity.
__mfa_env_unset_misleading() {
  \builtin local mfa_each mfa_failed=0
  for mfa_each in MFA_ENV_MISLEADING; do
    [[ -z ${!mfa_each+x} ]] || __mfa_env_unset "${mfa_each}" || mfa_failed=1
  done
  \builtin return "${mfa_failed}"
}

# NAME: a variable that stands before the call, or is a calling function's own, covers another, which comes to light with the
# first `unset`: there are at most as many as scopes.
__mfa_env_unset() {
  \builtin local mfa_scope
  for mfa_scope in "${FUNCNAME[@]}" shell; do
    \builtin unset -v "$1" || \builtin return 1
    [[ -n ${!1+x} ]] || \builtin break
  done
}

# What the program's statements do: as much of it as can be done.
__mfa_env_export() {
  \builtin local mfa_failed=0
  __mfa_env_unset_misleading || mfa_failed=1
  \builtin export "AWS_ACCESS_KEY_ID=${mfa_id}" "AWS_SECRET_ACCESS_KEY=${mfa_secret}" "AWS_SESSION_TOKEN=${mfa_token}" \
    "AWS_CREDENTIAL_EXPIRATION=${mfa_expires}" "AWS_SESSION_EXPIRATION=${mfa_expires}" "MFA_ENV_PROFILE=${mfa_name}" || mfa_failed=1
  if [[ -n ${mfa_own_region} ]]; then
    \builtin export "AWS_REGION=${mfa_own_region}" "AWS_DEFAULT_REGION=${mfa_own_region}" "MFA_ENV_REGION=${mfa_own_region}" || mfa_failed=1
  else
    if [[ -n ${AWS_REGION-} && ${AWS_REGION} == "${MFA_ENV_REGION-}" ]]; then
      \builtin unset -v AWS_REGION AWS_DEFAULT_REGION || mfa_failed=1
    fi
    \builtin unset -v MFA_ENV_REGION || mfa_failed=1
  fi
  \builtin return "${mfa_failed}"
}

# One line, where less than an hour is left.
__mfa_env_tell() {
  \builtin local mfa_account="${mfa_role:-${mfa_device}}"
  [[ ${mfa_account} == arn:*:iam::*:* ]] || mfa_account=""
  mfa_account=${mfa_account#arn:*:iam::}
  mfa_account=${mfa_account%%:*}
  [[ ${mfa_account} != *[!0-9]* ]] || mfa_account=""
  \builtin printf 'mfa-env: %s%s: the saved session lives %dm more\n' "${mfa_name}" "${mfa_account:+ in ${mfa_account}}" "$((mfa_left / 60))" >&2
}
