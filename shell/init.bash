# shellcheck shell=bash disable=SC2154,SC2016
# The function for bash: it evaluates what the program prints, and does without the program where a saved session lives.

# In its POSIX mode bash takes no name with a dash; it may be called there.
case :${SHELLOPTS}: in *:posix:*) \builtin set +o posix && __mfa_env_was_posix() { \builtin set -o posix; } ;; esac

# An alias of the name would stand in the way; behind `function` none is looked for, whatever was read together with this.
\builtin unalias __mfa_env_cmd 2>/dev/null || \builtin :
function __mfa_env_cmd() {
  __mfa_env_quietly __mfa_env_call "$@"
}

__mfa_env_call() {
  \builtin local mfa_word mfa_first="" mfa_is_value=""
  for mfa_word in "$@"; do
    if [[ -n ${mfa_is_value} ]]; then
      mfa_is_value=""
      \builtin continue
    fi
    case ${mfa_word} in
      --) \builtin break ;;
      --format | --format=* | --shell | --shell=* | --print | --help | --version | -h* | -[!-]*h*)
        __mfa_env_program "$@"
        \builtin return
        ;;
      MFA_ENV_VALUE_OPTIONS) mfa_is_value=1 ;;
      -?*) ;;
      *) [[ -n ${mfa_first} ]] || mfa_first=${mfa_word} ;;
    esac
    case ${mfa_first} in
      MFA_ENV_COMMANDS)
        __mfa_env_program "$@"
        \builtin return
        ;;
    esac
  done
  if [[ $- == *i* && ${BASH_SUBSHELL} != 0 ]] && __mfa_env_is_piped "$@"; then
    \builtin return 1
  fi
  case $#${1-} in
    0) mfa_first=${AWS_PROFILE:-${MFA_ENV_PROFILE-}} ;;
    1unset | 1[0-9][0-9][0-9][0-9][0-9][0-9] | 1-* | [!1]*) mfa_first="" ;;
  esac
  # In a folder of direnv's `use mfa_env` the program lets direnv undo on leaving what is changed.
  if [[ -n ${mfa_first} && -z ${MFA_ENV_DIRENV-} ]]; then
    __mfa_env_load "${mfa_first}" || mfa_is_value=$?
    case ${mfa_is_value} in
      '') \builtin return ;;
      2) \builtin return 1 ;;
    esac
  fi
  __mfa_env_evaluate "$@"
}

# Whether it is called in a part of a pipe, and says so: in `$(mfa-env prod)` the session would end with the substitution, and
# `eval "$(…)" && deploy` go on without one; `… | mfa-env prod -` would spend the code for nothing.
__mfa_env_is_piped() {
  \builtin local mfa_word mfa_instead=""
  if [[ -p /dev/stdout ]]; then
    \builtin printf 'false;\n'
    mfa_instead='__mfa_env_cmd alone, or eval "$(command mfa-env …)"'
  elif [[ -p /dev/stdin ]]; then
    for mfa_word in "$@"; do
      [[ ${mfa_word} != - && ${mfa_word} != --code=- ]] || mfa_instead='eval "$(… | command mfa-env PROFILE -)"'
    done
  fi
  [[ -n ${mfa_instead} ]] || \builtin return 1
  \builtin printf 'mfa-env: %s\n' 'error: the function sets the variables of the shell that it runs in, and this is a part of a pipe' \
    "hint: type ${mfa_instead}" >&2
}

__mfa_env_evaluate() {
  # Two lines: `eval "$(…)"` and `local x=$(…)` both hide a failure.
  \builtin local mfa_statements mfa_status=0
  mfa_statements=$(__mfa_env_program --shell bash "$@") || mfa_status=$?
  # What cannot be unset is said, and is a failure, by the statements.
  if [[ ${mfa_statements} == *'unset AWS_PROFILE;'* ]]; then
    __mfa_env_unset_misleading 2>/dev/null || \builtin :
    __mfa_env_is_text || __mfa_env_untype 2>/dev/null || \builtin :
  fi
  # The statements are not made for aliases. Behind `builtin`, eval would end a shell with `set -e`, whatever is done with its status.
  if \builtin shopt -q expand_aliases; then
    \builtin shopt -u expand_aliases
    \eval "${mfa_statements}" || mfa_status=$((mfa_status ? mfa_status : 1))
    \builtin shopt -s expand_aliases
  else
    \eval "${mfa_statements}" || mfa_status=$((mfa_status ? mfa_status : 1))
  fi
  \builtin return "${mfa_status}"
}

# Takes the types from what the statements are about to set.
__mfa_env_untype() {
  \builtin local mfa_each mfa_was=-u
  # Bash from 5.0 on then leaves what is a calling function's own to that function.
  ! \builtin shopt -q localvar_unset || mfa_was=-s
  \builtin shopt -s localvar_unset || mfa_was=""
  for mfa_each in MFA_ENV_SESSION AWS_REGION AWS_DEFAULT_REGION; do
    [[ ${mfa_each} == *REGION && ${mfa_statements} != *"export ${mfa_each}="* ]] || \builtin unset -v "${mfa_each}"
  done
  [[ -z ${mfa_was} ]] || \builtin shopt "${mfa_was}" localvar_unset
}
