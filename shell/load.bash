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
  \builtin local LC_ALL=C IFS=$' \t\n' mfa_there mfa_hidden mfa_pair || \builtin return 1
  \builtin local mfa_region mfa_source_profile mfa_mfa_env_save mfa_aws_arn_mfa mfa_mfa_serial mfa_aws_mfa_device
  \builtin local mfa_aws_access_key_id mfa_aws_secret_access_key mfa_aws_session_token mfa_aws_security_token
  \builtin local mfa_x_security_token_expires mfa_role_arn mfa_mfa_env_source mfa_mfa_env_role mfa_epoch mfa_now mfa_partition
  \builtin local mfa_config mfa_credentials mfa_config_all="" mfa_credentials_all="" mfa_config_odd="" mfa_credentials_odd="" mfa_command mfa_settings mfa_key mfa_ours=""
  # With it, [PROD] would be [prod].
  ! \builtin shopt -q nocasematch || \builtin return 1
  __mfa_env_is_name "${mfa_name}" && [[ -z ${MFA_ENV_COMMAND-} ]] && __mfa_env_is_exported && __mfa_env_is_text || \builtin return 1
  __mfa_env_read config "${AWS_CONFIG_FILE:-"~/.aws/config"}" &&
    __mfa_env_read credentials "${AWS_SHARED_CREDENTIALS_FILE:-"~/.aws/credentials"}" || \builtin return 1
  __mfa_env_profile "${mfa_name}" && [[ -n ${mfa_there} ]] || \builtin return 1
  [[ -z ${mfa_mfa_env_save} || ${mfa_mfa_env_save} == true || ${mfa_mfa_env_save} == false ]] || \builtin return 1
  # The program exports settings, and removes those of another profile. With EXPIRY the same session goes on, and so do they.
  [[ -n $1 || -z ${mfa_settings}${MFA_ENV_SETTINGS-} ]] || \builtin return 1
  \builtin local mfa_own_region="${mfa_region}" mfa_source="${mfa_source_profile}" mfa_spare_device=""
  \builtin local mfa_own_pair="${mfa_pair}" mfa_own_command="${mfa_command}"
  mfa_device=${mfa_aws_arn_mfa:-${mfa_mfa_serial:-${mfa_aws_mfa_device}}} mfa_role=${mfa_role_arn}
  if [[ -n ${mfa_hidden} ]]; then
    __mfa_env_profile "${mfa_name}-mfa" || \builtin return 1
    # The section may be a profile of its own.
    [[ -z ${mfa_hidden} && (-z ${mfa_source_profile} || ${mfa_source_profile} == "${mfa_name}") ]] || \builtin return 1
    ! __mfa_env_has "${mfa_name}-mfa-default" && ! __mfa_env_has "${mfa_name}-mfa-long-term" &&
      ! __mfa_env_has "${mfa_name}-mfa-permanent" || \builtin return 1
    mfa_spare_device=${mfa_aws_arn_mfa:-${mfa_mfa_serial:-${mfa_aws_mfa_device}}}
  fi
  \builtin local mfa_id="${mfa_aws_access_key_id}" mfa_secret="${mfa_aws_secret_access_key}"
  \builtin local mfa_token="${mfa_aws_session_token}" mfa_expires="${mfa_x_security_token_expires}"
  \builtin local mfa_of_key="${mfa_mfa_env_source}" mfa_of_role="${mfa_mfa_env_role}"
  __mfa_env_lives "$1" && __mfa_env_source && __mfa_env_is_own || \builtin return 1

  if [[ -n ${mfa_role} ]]; then
    # What it lacks would be looked for in the profiles behind the role.
    [[ -n ${mfa_own_region} && (-n ${mfa_device} || -z ${AWS_REGION-}${AWS_DEFAULT_REGION-}) ]] || \builtin return 1
    case ${mfa_device} in
      arn:aws:* | arn:aws-cn:* | arn:aws-us-gov:* | arn:aws-iso:* | arn:aws-iso-[bef]:* | arn:aws-eusc:*) ;;
      *) mfa_device=${mfa_role} ;;
    esac
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

# KIND FILE → mfa_KIND: its text, cut at every `[`; mfa_KIND_all: the first line of each part but the first, which is the title of a
# section. Fails if the file is no regular one, has a NUL, over 400 000 bytes, or anything that may hide a section: lines before the
# first header, a header within a line, one without a name or an end. A missing file is empty.
__mfa_env_read() {
  \builtin local mfa_path="$2" mfa_all mfa_plain mfa_last mfa_ends IFS=$'\n'
  case ${mfa_path} in
    '~/'*)
      [[ -n ${HOME-} ]] || \builtin return 1
      mfa_path=${HOME}/${mfa_path#'~/'}
      ;;
    /dev/null) \builtin return 0 ;;
    # The program expands variables. Bash makes connections of some names below /dev.
    '~'* | *'$'* | /dev/*) \builtin return 1 ;;
  esac
  if [[ ! -f ${mfa_path} || ! -r ${mfa_path} ]]; then
    __mfa_env_is_missing "${mfa_path}"
    \builtin return
  fi
  # Completion only wants names.
  [[ -z ${mfa_ours+x} ]] || __mfa_env_is_ours "${mfa_path}" || \builtin return 1
  # It succeeds only if it does not come to the end: at a NUL, or at the limit. All parts are looked at at once: a look at each, or
  # a copy of them, would take most of the time.
  if IFS='[' \builtin read -r -d '' -n 400000 -a "mfa_$1" <"${mfa_path}"; then
    [[ $1 != config ]] || mfa_config=()
    [[ $1 == config ]] || mfa_credentials=()
    \builtin return 1
  fi
  if [[ $1 == config ]]; then
    mfa_ends=(${mfa_config[@]+"${mfa_config[@]%%$'\n'*}"})
    mfa_all=${mfa_ends[*]-}
    # What is left of plain headers is a name.
    mfa_ends=(${mfa_ends[@]+"${mfa_ends[@]#profile }"})
    mfa_ends=(${mfa_ends[@]+"${mfa_ends[@]#sso-session }"})
    mfa_plain=${mfa_ends[*]-}
    mfa_ends=(${mfa_config[@]+"${mfa_config[@]##*$'\n'}"})
  else
    mfa_ends=(${mfa_credentials[@]+"${mfa_credentials[@]%%$'\n'*}"})
    mfa_all=${mfa_ends[*]-} mfa_plain=${mfa_all}
    mfa_ends=(${mfa_credentials[@]+"${mfa_credentials[@]##*$'\n'}"})
  fi
  ((${#mfa_ends[@]} > 0)) || \builtin return 0
  if [[ -n ${mfa_ends[${#mfa_ends[@]} - 1]} ]]; then
    # A `[` may be the last byte, which the parts do not show.
    \builtin read -r -d '' mfa_last <"${mfa_path}" || [[ ${mfa_last} != *'[' ]] || \builtin return 1
    mfa_ends[${#mfa_ends[@]} - 1]=""
  fi
  IFS=""
  if [[ ${mfa_all} == *$'\r'* ]]; then
    [[ ${mfa_all} != *$'\r'[!$'\n']* ]] || \builtin return 1
    mfa_all=${mfa_all//$'\r'/}
  fi
  if [[ -n ${mfa_all%%$'\n'*}${mfa_ends[*]} ]]; then
    __mfa_env_is_inside "$1" || \builtin return 1
  fi
  [[ ${mfa_all} == *$'\n'* ]] || \builtin return 0
  mfa_all=$'\n'${mfa_all#*$'\n'}$'\n'
  case ${mfa_all} in
    *$'\n'[!A-Za-z0-9_./%@:+#-]* | *[!]#]$'\n'?* | *[!]#]$'\n' | *$'\nprofile'[$' \t'][!A-Za-z0-9_./%@:+-]* | *$'\nprofile]'* | *$'\nDEFAULT]'*)
      __mfa_env_is_named || \builtin return 1
      ;;
  esac
  \builtin printf -v "mfa_$1_all" %s "${mfa_all}"
  case ${mfa_plain#*$'\n'} in
    *[!A-Za-z0-9_./%@:+$'\n'\]-]* | *']'[!$'\n']*) \builtin printf -v "mfa_$1_odd" 1 ;;
  esac
}

# KIND; mfa_all: whether what is before the first header is comments, and each `[` within a line begins no header: it is in a
# comment, or more text follows. Such a `[` has no title in mfa_all then.
__mfa_env_is_inside() {
  \builtin local IFS=$'\n' mfa_parts mfa_part="mfa_$1[@]" mfa_line mfa_lines mfa_before="" mfa_globs="$-"
  mfa_parts=("${!mfa_part}")
  \builtin set -f
  # shellcheck disable=SC2206
  mfa_lines=(${mfa_parts[0]})
  [[ ${mfa_globs} == *f* ]] || \builtin set +f
  for mfa_line in ${mfa_lines[@]+"${mfa_lines[@]}"}; do
    [[ ${mfa_line} == [\#\;]* || ${mfa_line} != *[!$' \t\r']* ]] || \builtin return 1
  done
  mfa_all=""
  for mfa_part in "${mfa_parts[@]}"; do
    mfa_line=${mfa_part%%$'\n'*}
    mfa_line=${mfa_line%$'\r'}
    case ${mfa_before} in
      '')
        mfa_all+=${mfa_line}$'\n'
        ;;
      # A header right after the text of a comment may be one that lost its line end.
      [\#\;] | [\#\;]*[$' \t#;']) mfa_all+='#'$'\n' ;;
      [\#\;]*) \builtin return 1 ;;
      *)
        mfa_all+='#'$'\n' mfa_line=${mfa_line##*]}
        mfa_line=${mfa_line#"${mfa_line%%[!$' \t']*}"}
        [[ -n ${mfa_line} && ${mfa_line} != [\#\;]* ]] || \builtin return 1
        ;;
    esac
    case ${mfa_part} in
      *$'\n'*) mfa_before=${mfa_part##*$'\n'} ;;
      *) mfa_before+=${mfa_part} ;;
    esac
    # A longer line would take far more than linear time.
    ((${#mfa_before} <= 1000)) || \builtin return 1
  done
  mfa_all=${mfa_all%$'\n'}
}

# mfa_all: whether each header in it has a name and an end.
__mfa_env_is_named() {
  \builtin local IFS=$'\n' mfa_line mfa_globs="$-" mfa_lines
  [[ ${mfa_all} != *$'\n\n'* ]] || \builtin return 1
  \builtin set -f
  # shellcheck disable=SC2206
  mfa_lines=(${mfa_all})
  [[ ${mfa_globs} == *f* ]] || \builtin set +f
  for mfa_line in "${mfa_lines[@]}"; do
    case ${mfa_line} in
      '#') ;;
      [!A-Za-z0-9_./%@:+-]* | DEFAULT* | 'profile]'* | 'profile'[$' \t'][!A-Za-z0-9_./%@:+-]*) \builtin return 1 ;;
      *']' | *']'[$' \t#;']*) ;;
      *) \builtin return 1 ;;
    esac
  done
}

# FILE: whether somebody else could have put it there, as far as builtins tell; the program tells exactly. The file belongs to this
# user, and so does its folder. Others' folders above are not open to this user. Links are left to the program, but for root's in /.
# Builtins do not show the modes of this user's own files and folders. mfa_ours: a folder that has passed.
__mfa_env_is_ours() {
  \builtin local mfa_part="$1" mfa_folder="${1%/*}"
  [[ $1 == /* && $1 != *//* && $1/ != */./* && $1/ != */../* && -O $1 ]] || \builtin return 1
  [[ -O ${mfa_folder:-/} || -k ${mfa_folder:-/} ]] || \builtin return 1
  while [[ -n ${mfa_part} && ${mfa_part} != "${mfa_ours}" ]]; do
    mfa_folder=${mfa_part%/*}
    [[ -O ${mfa_folder:-/} || -k ${mfa_folder:-/} || ! -w ${mfa_folder:-/} ]] || \builtin return 1
    [[ ! -L ${mfa_part} || -z ${mfa_folder} ]] || \builtin return 1
    mfa_part=${mfa_folder}
  done
  mfa_ours=${1%/*}
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
  mfa_there="" mfa_hidden="" mfa_pair="" mfa_command="" mfa_settings="" mfa_role_arn="" mfa_region="" mfa_source_profile=""
  mfa_mfa_env_save="" mfa_mfa_env_source="" mfa_mfa_env_role="" mfa_aws_arn_mfa="" mfa_mfa_serial="" mfa_aws_mfa_device="" mfa_aws_access_key_id="" mfa_aws_secret_access_key=""
  mfa_aws_session_token="" mfa_aws_security_token="" mfa_x_security_token_expires=""
  __mfa_env_section config "$1" || \builtin return 1
  # Keys in the config file: long-lived ones hide a session of the same name, a session would be spread over both files.
  [[ -z ${mfa_aws_session_token}${mfa_aws_security_token}${mfa_x_security_token_expires} ]] || \builtin return 1
  [[ -z ${mfa_aws_access_key_id}${mfa_aws_secret_access_key} ]] || mfa_hidden=1
  [[ -z ${mfa_aws_access_key_id} || -z ${mfa_aws_secret_access_key} ]] || mfa_pair=${mfa_aws_access_key_id}
  mfa_aws_access_key_id="" mfa_aws_secret_access_key=""
  __mfa_env_section credentials "$1" || \builtin return 1
  # The keys are read together: of what stands here and there none is a pair.
  [[ -z ${mfa_aws_access_key_id}${mfa_aws_secret_access_key}${mfa_aws_session_token}${mfa_aws_security_token} ]] || mfa_pair=""
  if [[ ${mfa_aws_access_key_id} == AKIA* || -z ${mfa_aws_session_token}${mfa_aws_security_token} ]]; then
    [[ -z ${mfa_aws_access_key_id}${mfa_aws_secret_access_key} ]] || mfa_hidden=1
    [[ -z ${mfa_aws_access_key_id} || -z ${mfa_aws_secret_access_key} ]] || mfa_pair=${mfa_aws_access_key_id}
  fi
}

# KIND NAME: reads the one section of that name.
__mfa_env_section() {
  \builtin local IFS=$'\n' mfa_all="mfa_$1_all" mfa_title="$2" mfa_before mfa_lines mfa_index mfa_part mfa_body mfa_keys=" " mfa_globs="$-"
  mfa_all=${!mfa_all}
  [[ ${mfa_all} == *"$2"* ]] || \builtin return 0
  # A header in any but the plain form may name it.
  mfa_part="mfa_$1_odd"
  [[ -z ${!mfa_part} ]] || __mfa_env_is_plain "$2" || \builtin return 1
  if [[ $1 == config && $2 == default ]]; then
    [[ ${mfa_all} != *$'\nprofile default]\n'* ]] || \builtin return 1
  elif [[ $1 == config ]]; then
    mfa_title="profile $2"
  fi
  mfa_before=${mfa_all%%$'\n'"${mfa_title}]"$'\n'*}
  [[ ${mfa_before} != "${mfa_all}" ]] || \builtin return 0
  # A second section of the name.
  [[ ${mfa_all:${#mfa_before}+1} != *$'\n'"${mfa_title}]"$'\n'* ]] || \builtin return 1
  \builtin set -f
  # Its lines are as many headers.
  # shellcheck disable=SC2206
  mfa_lines=(${mfa_before})
  [[ ${mfa_globs} == *f* ]] || \builtin set +f
  mfa_index=$((${#mfa_lines[@]} + 1)) mfa_there=1
  mfa_part="mfa_$1[${mfa_index}]"
  mfa_body=${!mfa_part}
  [[ ${mfa_body} == "${mfa_title}]"* ]] || \builtin return 1
  [[ ${mfa_body} == *$'\n'* ]] || \builtin return 0
  mfa_body=${mfa_body#*$'\n'}
  # A line with a `[` goes on in the next part.
  while [[ -n ${mfa_body} && ${mfa_body: -1} != $'\n' ]]; do
    mfa_index=$((mfa_index + 1)) mfa_part="mfa_$1[${mfa_index}]"
    [[ -n ${!mfa_part+x} ]] || \builtin break
    mfa_body+=[${!mfa_part}
  done
  [[ -z ${mfa_body} ]] || __mfa_env_properties
}

# NAME; mfa_all: whether all headers with NAME in them have the plain form. One blank may be inside, as in `profile prod` and
# `sso-session corp`; the AWS CLI takes any first word that begins with `profile`.
__mfa_env_is_plain() {
  \builtin local mfa_line mfa_lines mfa_plain
  \builtin set -f
  # shellcheck disable=SC2206
  mfa_lines=(${mfa_all})
  [[ ${mfa_globs} == *f* ]] || \builtin set +f
  for mfa_line in "${mfa_lines[@]}"; do
    [[ ${mfa_line} == *"$1"* ]] || \builtin continue
    mfa_plain=${mfa_line%]}
    [[ ${mfa_plain} != "${mfa_line}" && ${mfa_plain/ /%} != *[!A-Za-z0-9_./%@:+-]* && ${mfa_plain} != *' ' ]] || \builtin return 1
    [[ ${mfa_plain} != profile?*' '* || ${mfa_plain} == 'profile '* ]] || \builtin return 1
  done
}

# NAME: whether either file has a section of that name.
__mfa_env_has() {
  [[ ${mfa_config_all} == *$'\n'"profile $1]"$'\n'* || ${mfa_credentials_all} == *$'\n'"$1]"$'\n'* ]]
}

# mfa_body → the variables of the keys that count.
__mfa_env_properties() {
  \builtin local IFS=$'\n' mfa_key mfa_value mfa_lines mfa_line mfa_odd="" mfa_globs="$-"
  case ${mfa_body} in
    # What is looked for in each line only if it is anywhere.
    *$'\r'* | *' #'* | *' ;'* | *$'\t'* | *'<'*) mfa_odd=$'\t' ;;
  esac
  # Cut into lines, of which the empty ones go.
  \builtin set -f
  # shellcheck disable=SC2206
  mfa_lines=(${mfa_body})
  [[ ${mfa_globs} == *f* ]] || \builtin set +f
  for mfa_line in ${mfa_lines[@]+"${mfa_lines[@]}"}; do
    if [[ -n ${mfa_odd} ]]; then
      mfa_line=${mfa_line%$'\r'}
      [[ ${mfa_line} != *$'\r'* ]] || \builtin return 1
    fi
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
    mfa_key=${mfa_key% }
    [[ ${mfa_key} != *[$' \t'] ]] || mfa_key=${mfa_key%"${mfa_key##*[!$' \t']}"}
    case ${mfa_key} in
      role_arn | credential_process | sso_session | sso_start_url | sso_account_id | sso_role_name | sso_region) ;;
      web_identity_token_file | login_session | mfa_env_source | mfa_env_role) ;;
      use_fips_endpoint | use_dualstack_endpoint | ca_bundle | endpoint_url) ;;
      aws_access_key_id | aws_secret_access_key | aws_session_token | aws_security_token | x_security_token_expires) ;;
      region | source_profile | mfa_env_save | aws_arn_mfa | mfa_serial | aws_mfa_device) ;;
      # What is no key, looks like one of them, or may be a line that lost its end.
      '' | *[A-Z]* | *[$' \t'][\#\;]* | *role_arn* | *_profile* | *credential_* | *sso_* | *web_identity*) \builtin return 1 ;;
      *login_session* | *aws_* | *mfa_serial* | *mfa_env_*) \builtin return 1 ;;
      *)
        [[ ${mfa_value} != *=* ]] || \builtin return 1
        \builtin continue
        ;;
    esac
    [[ ${mfa_keys} != *" ${mfa_key} "* ]] || \builtin return 1
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
      aws_* | x_* | region | mfa_*) \builtin printf -v "mfa_${mfa_key}" %s "${mfa_value}" ;;
      source_profile) mfa_source_profile=${mfa_value} ;;
      credential_process) mfa_hidden=1 mfa_command=1 ;;
      role_arn) mfa_hidden=1 mfa_role_arn=${mfa_value} ;;
      sso_* | web_* | login_*) mfa_hidden=1 ;;
      *) mfa_settings=1 ;;
    esac
  done
}

# → mfa_key: the access key ID of the profile's source, `command` if a command gives it, empty if there is none; and the region
# and the device that the profile lacks. The search is the program's: source_profile, a name with a suffix, keys of its own.
__mfa_env_source() {
  \builtin local mfa_at="${mfa_name}" mfa_next="${mfa_source}" mfa_suffix mfa_standard mfa_hops
  \builtin local mfa_at_pair="${mfa_own_pair}" mfa_at_command="${mfa_own_command}"
  mfa_key=""
  for mfa_hops in 1 2 3; do
    [[ ${mfa_next} != "${mfa_at}" ]] || \builtin return 1
    mfa_standard=""
    if [[ -z ${mfa_next} ]]; then
      for mfa_suffix in -default -long-term -permanent; do
        __mfa_env_has "${mfa_at}${mfa_suffix}" || \builtin continue
        mfa_next=${mfa_at}${mfa_suffix} mfa_standard=1
        \builtin break
      done
      if [[ -z ${mfa_next} ]]; then
        mfa_key=${mfa_at_pair:-${mfa_at_command:+command}}
        \builtin return 0
      fi
    fi
    __mfa_env_is_name "${mfa_next}" && __mfa_env_profile "${mfa_next}" && [[ -n ${mfa_there} ]] || \builtin return 1
    # Of a role, the region and the device are its own.
    if [[ -z ${mfa_role} ]]; then
      mfa_own_region=${mfa_own_region:-${mfa_region}}
      mfa_device=${mfa_device:-${mfa_aws_arn_mfa:-${mfa_mfa_serial:-${mfa_aws_mfa_device}}}}
    fi
    if [[ -n ${mfa_pair} || -n ${mfa_command} && -z ${mfa_role} ]]; then
      mfa_key=${mfa_pair:-command}
      \builtin return 0
    fi
    # A role behind a role, or as the source of a profile without one.
    [[ -z ${mfa_role_arn} ]] || \builtin return 1
    [[ -z ${mfa_standard} || -n ${mfa_role} || -n ${mfa_source_profile} ]] || \builtin return 0
    mfa_at=${mfa_next} mfa_next=${mfa_source_profile} mfa_at_pair="" mfa_at_command=${mfa_command}
  done
  \builtin return 1
}

# Whether the session belongs to the key and the role that the files name now, if its marks say so.
__mfa_env_is_own() {
  [[ -n ${mfa_of_key}${mfa_of_role} ]] || \builtin return 0
  [[ ${mfa_of_role} == "${mfa_role}" ]] || \builtin return 1
  [[ -z ${mfa_of_key} || ${mfa_key} == command || ${mfa_of_key} == "${mfa_key}" ]]
}

# EXPIRY: whether the session is one, and lives five minutes more, and longer than until EXPIRY.
__mfa_env_lives() {
  [[ ${#mfa_id} -ge 4 && ${#mfa_id} -le 128 && ${mfa_id} != *[!A-Za-z0-9_]* && ${mfa_id} != AKIA* ]] &&
    [[ -n ${mfa_secret} && ${#mfa_secret} -le 16384 && ${mfa_secret} != *[!!-~]* ]] &&
    [[ -n ${mfa_token} && ${#mfa_token} -le 16384 && ${mfa_token} != *[!!-~]* ]] &&
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
