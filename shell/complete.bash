# shellcheck shell=bash disable=SC2034,SC2154,SC2015
# Completion for bash: words from a table, names of profiles from the two files, by builtins alone.

__mfa_env_complete() {
  COMPREPLY=()
  __mfa_env_quietly __mfa_env_candidates 2>/dev/null
}

# COMP_WORDS → COMPREPLY.
__mfa_env_candidates() {
  \builtin local LC_ALL=C IFS=$' \t\n' || \builtin return 0
  \builtin local mfa_word mfa_command="" mfa_kind="" mfa_positional="" mfa_ended="" mfa_goes_on="" mfa_index
  \builtin local mfa_current="${COMP_WORDS[COMP_CWORD]-}" mfa_before="" mfa_table
  mfa_table=(MFA_ENV_TABLE)
  for ((mfa_index = 1; mfa_index < COMP_CWORD; mfa_index += 1)); do
    mfa_word=${COMP_WORDS[mfa_index]}
    if [[ ${mfa_word} == [=:@]* && ${mfa_word} != *[!=:@]* ]]; then
      # `--format=env` is three words, where `=` parts them, and so is an ARN.
      mfa_goes_on=1
    elif [[ -n ${mfa_kind}${mfa_goes_on} ]]; then
      mfa_kind="" mfa_goes_on=""
    elif [[ ${mfa_word} == -- ]]; then
      mfa_ended=1
    elif [[ -z ${mfa_ended} && ${mfa_word} == -?* ]]; then
      [[ ${mfa_word} != --profile && ${mfa_word} != --profile=* ]] || mfa_positional=1
      __mfa_env_kind "" "${mfa_word}"
    elif [[ -z ${mfa_command}${mfa_positional}${mfa_ended} ]] && __mfa_env_kind command "${mfa_word}"; then
      mfa_command=${mfa_word} mfa_kind=""
    else
      mfa_positional=1
    fi
  done
  if [[ -n ${mfa_kind} ]]; then
    [[ ${mfa_current} != '=' ]] || mfa_current=""
  elif [[ -n ${mfa_goes_on} || ${mfa_current} == [=:@]* ]]; then
    \builtin return 0
  elif [[ -z ${mfa_ended} && ${mfa_current} == --*=* ]]; then
    mfa_before=${mfa_current%%=*}=
    mfa_current=${mfa_current#*=}
    __mfa_env_kind "" "${mfa_before%=}"
  elif [[ -z ${mfa_ended} && ${mfa_current} == -* ]]; then
    mfa_kind=${mfa_command:-session}
  elif [[ -n ${mfa_positional} ]]; then
    \builtin return 0
  elif [[ -n ${mfa_command} ]]; then
    __mfa_env_kind command "${mfa_command}"
  else
    [[ -n ${mfa_ended} ]] || __mfa_env_offer command
    mfa_kind=profile
  fi
  case ${mfa_kind} in
    '') ;;
    profile) __mfa_env_offer_profiles ;;
    *) __mfa_env_offer "${mfa_kind}" ;;
  esac
}

# LIST WORD → mfa_kind: the list that what follows the word is in; "" where nothing follows. Fails for another word; with ""
# for LIST it is looked for in all of them.
__mfa_env_kind() {
  \builtin local mfa_row mfa_rest
  mfa_kind=""
  for mfa_row in "${mfa_table[@]}"; do
    mfa_rest=${mfa_row#* }
    [[ (-z $1 || ${mfa_row%% *} == "$1") && ${mfa_rest%% *} == "$2" ]] || \builtin continue
    mfa_kind=${mfa_rest#* }
    [[ ${mfa_kind} != - ]] || mfa_kind=""
    \builtin return 0
  done
  \builtin return 1
}

# LIST → COMPREPLY: its words that go on with what is there.
__mfa_env_offer() {
  \builtin local mfa_row
  for mfa_row in "${mfa_table[@]}"; do
    [[ ${mfa_row%% *} == "$1" ]] || \builtin continue
    mfa_row=${mfa_row#* }
    mfa_row=${mfa_row%% *}
    [[ ${mfa_row} != "${mfa_current}"* ]] || COMPREPLY+=("${mfa_before}${mfa_row}")
  done
}

# → COMPREPLY: the profiles of both files, and those that a PROFILE-default is for. Only plain names, since the line that they
# come into is a shell's; six digits alone would be a code.
__mfa_env_offer_profiles() {
  \builtin local mfa_parts mfa_title mfa_kind mfa_stem mfa_index mfa_names=$'\n'
  \builtin local mfa_config mfa_credentials mfa_config_all mfa_credentials_all mfa_config_odd mfa_credentials_odd
  for mfa_kind in config credentials; do
    # What keeps a session from being loaded keeps no name from being offered.
    if [[ ${mfa_kind} == config ]]; then
      __mfa_env_read config "${AWS_CONFIG_FILE:-"~/.aws/config"}" || \builtin :
      mfa_parts=(${mfa_config[@]+"${mfa_config[@]}"})
    else
      __mfa_env_read credentials "${AWS_SHARED_CREDENTIALS_FILE:-"~/.aws/credentials"}" || \builtin :
      mfa_parts=(${mfa_credentials[@]+"${mfa_credentials[@]}"})
    fi
    mfa_index=-1
    for mfa_title in ${mfa_parts[@]+"${mfa_parts[@]%%$'\n'*}"}; do
      # A `[` in the middle of a line begins no header.
      [[ $((mfa_index += 1)) != 0 && ${mfa_title} == *']'* && (-z ${mfa_parts[mfa_index - 1]} || ${mfa_parts[mfa_index - 1]: -1} == $'\n') ]] || \builtin continue
      mfa_title=${mfa_title%%]*}
      if [[ ${mfa_kind} == config && ${mfa_title} != default ]]; then
        [[ ${mfa_title} == 'profile '* ]] || \builtin continue
        mfa_title=${mfa_title#profile }
      fi
      case ${mfa_title} in
        *-default) mfa_stem=${mfa_title%-default} ;;
        *-long-term) mfa_stem=${mfa_title%-long-term} ;;
        *-permanent) mfa_stem=${mfa_title%-permanent} ;;
        *) mfa_stem="" ;;
      esac
      case ${mfa_title} in
        '' | -* | *[!A-Za-z0-9_./+-]* | [0-9][0-9][0-9][0-9][0-9][0-9]) \builtin continue ;;
      esac
      [[ ${mfa_names} == *$'\n'"${mfa_title}"$'\n'* ]] || mfa_names+=${mfa_title}$'\n'
      [[ -z ${mfa_stem} || ${mfa_names} == *$'\n'"${mfa_stem}"$'\n'* ]] || mfa_names+=${mfa_stem}$'\n'
    done
  done
  IFS=$'\n'
  for mfa_title in ${mfa_names}; do
    [[ ${mfa_title} != "${mfa_current}"* ]] || COMPREPLY+=("${mfa_before}${mfa_title}")
  done
}

\builtin complete -F __mfa_env_complete __mfa_env_cmd
