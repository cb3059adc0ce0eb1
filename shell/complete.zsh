# Completion for zsh: words from a table, names of profiles from the two files, by builtins alone.

__mfa_env_complete() {
  { \builtin setopt local_options no_xtrace no_verbose; } 2>/dev/null
  \builtin local mfa_kind="" mfa_before=""
  \builtin local -a mfa_offered mfa_commands
  __mfa_env_candidates
  # In a word like `--format=env` the value alone is completed.
  [[ -z "$mfa_before" ]] || compset -P 1 '*='
  ((${#mfa_commands} == 0)) || _describe -t commands command mfa_commands
  ((${#mfa_offered} == 0)) || _describe -t "$mfa_kind" "$mfa_kind" mfa_offered
}

# words, CURRENT, PREFIX → mfa_kind, mfa_before, mfa_offered, mfa_commands.
__mfa_env_candidates() {
  \builtin emulate -L zsh
  \builtin local mfa_word="" mfa_command="" mfa_positional="" mfa_ended=""
  \builtin local -a mfa_table
  mfa_table=(MFA_ENV_TABLE)
  for mfa_word in "${(@)words[2,CURRENT-1]}"; do
    if [[ -n $mfa_kind ]]; then
      mfa_kind=""
    elif [[ $mfa_word == -- ]]; then
      mfa_ended=1
    elif [[ -z $mfa_ended && $mfa_word == -?* ]]; then
      [[ $mfa_word != --profile && $mfa_word != --profile=* ]] || mfa_positional=1
      __mfa_env_kind "" "$mfa_word"
    elif [[ -z $mfa_command$mfa_positional$mfa_ended ]] && __mfa_env_kind command "$mfa_word"; then
      mfa_command="$mfa_word" mfa_kind=""
    else
      mfa_positional=1
    fi
  done
  if [[ -n $mfa_kind ]]; then
    :
  elif [[ -z $mfa_ended && $PREFIX == --*=* ]]; then
    mfa_before="${PREFIX%%=*}"
    __mfa_env_kind "" "$mfa_before"
  elif [[ -z $mfa_ended && $PREFIX == -* ]]; then
    mfa_kind="${mfa_command:-session}"
  elif [[ -n $mfa_positional ]]; then
    \builtin return
  elif [[ -n $mfa_command ]]; then
    __mfa_env_kind command "$mfa_command"
  else
    [[ -n $mfa_ended ]] || __mfa_env_offer command
    mfa_commands=("${(@)mfa_offered}") mfa_offered=()
    mfa_kind=profile
  fi
  case $mfa_kind in
    profile) __mfa_env_offer_profiles ;;
    *) __mfa_env_offer "$mfa_kind" ;;
  esac
}

# LIST WORD → mfa_kind: the list that what follows the word is in; "" where nothing follows. Fails for another word; with ""
# for LIST it is looked for in all of them.
__mfa_env_kind() {
  \builtin local mfa_row=""
  mfa_kind=""
  for mfa_row in "${(@)mfa_table}"; do
    [[ (-z $1 || ${mfa_row%% *} == "$1") && ${${mfa_row#* }%% *} == "$2" ]] || \builtin continue
    mfa_kind="${${${mfa_row#* }#* }%% *}"
    [[ $mfa_kind != - ]] || mfa_kind=""
    \builtin return 0
  done
  \builtin return 1
}

# LIST → mfa_offered: its words, each with its text.
__mfa_env_offer() {
  \builtin local mfa_row="" mfa_word="" mfa_text=""
  for mfa_row in "${(@)mfa_table}"; do
    [[ ${mfa_row%% *} == "$1" ]] || \builtin continue
    mfa_word="${${mfa_row#* }%% *}"
    mfa_text="${${${mfa_row#* }#* }#* }"
    mfa_offered+=("$mfa_word${mfa_text:+:$mfa_text}")
  done
}

# → mfa_offered: the profiles of both files, and those that a PROFILE-default is for. Only plain names, since the line that they
# come into is a shell's; six digits alone would be a code. All of a file at once: a loop would take ten times as long.
__mfa_env_offer_profiles() {
  \builtin local mfa_text="" mfa_suffix=""
  \builtin local -a mfa_parts mfa_names mfa_config mfa_credentials
  \builtin local -aU mfa_all
  \builtin zmodload -F zsh/system b:sysread 2>/dev/null || \builtin return 0
  # What keeps a session from being loaded keeps no name from being offered.
  __mfa_env_read config "${AWS_CONFIG_FILE:-"~/.aws/config"}"
  mfa_parts=("${(@)${(@M)${(@)mfa_config[2,-1]%%$'\n'*}:#*\]*}%%\]*}")
  mfa_names=("${(@M)mfa_parts:#default}" "${(@)${(@M)mfa_parts:#profile *}#profile }")
  __mfa_env_read credentials "${AWS_SHARED_CREDENTIALS_FILE:-"~/.aws/credentials"}"
  mfa_names+=("${(@)${(@M)${(@)mfa_credentials[2,-1]%%$'\n'*}:#*\]*}%%\]*}")
  mfa_names=("${(@)${(@)${(@)mfa_names:#*[^A-Za-z0-9_./+-]*}:#-*}:#[0-9][0-9][0-9][0-9][0-9][0-9]}")
  mfa_all=("${(@)mfa_names}")
  for mfa_suffix in -default -long-term -permanent; do
    mfa_all+=("${(@)${(@M)mfa_names:#*$mfa_suffix}%$mfa_suffix}")
  done
  mfa_offered+=("${(@)mfa_all:#}")
}

__mfa_env_add_completion() {
  \builtin emulate -L zsh
  \builtin typeset -ga precmd_functions
  precmd_functions=("${(@)precmd_functions:#__mfa_env_add_completion}")
  if \builtin whence compdef >/dev/null; then
    compdef __mfa_env_complete __mfa_env_cmd
  elif [[ $# == 1 ]]; then
    # compinit may come later: it is looked for again before the first prompt.
    precmd_functions+=(__mfa_env_add_completion)
  fi
}
__mfa_env_add_completion again
