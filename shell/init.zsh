# The function for zsh: it evaluates what the program prints, and does without the program where a saved session lives.

# An alias of the name would stand in the way; behind `function` none is looked for, whatever was read together with this.
\builtin unalias __mfa_env_cmd 2>/dev/null || \builtin :
function __mfa_env_cmd() {
  # Secrets pass through here, and are not traced.
  if [[ -o xtrace || -o verbose ]]; then
    { \builtin emulate -L zsh && \builtin setopt no_xtrace no_verbose no_aliases; } 2>/dev/null
  else
    \builtin emulate -L zsh && \builtin setopt no_aliases
  fi
  # It would see the secrets, and its words could come among the statements. With `emulate -L` it is back after the function.
  \builtin trap - DEBUG
  \builtin local mfa_word="" mfa_first="" mfa_is_value=""
  for mfa_word in "$@"; do
    if [[ -n $mfa_is_value ]]; then
      mfa_is_value=""
      \builtin continue
    fi
    case $mfa_word in
      --) \builtin break ;;
      --format | --format=* | --shell | --shell=* | --print | --help | --version | -h* | -[^-]*h*)
        __mfa_env_program "$@"
        \builtin return
        ;;
      MFA_ENV_VALUE_OPTIONS) mfa_is_value=1 ;;
      -?*) ;;
      *) [[ -n $mfa_first ]] || mfa_first="$mfa_word" ;;
    esac
    case $mfa_first in
      MFA_ENV_COMMANDS)
        __mfa_env_program "$@"
        \builtin return
        ;;
    esac
  done
  # In `$(mfa-env prod)` the session would end with the substitution, and `eval "$(…)" && deploy` go on without one.
  if [[ -o interactive && $ZSH_SUBSHELL != 0 && -p /dev/stdout ]]; then
    \builtin printf 'false;\n'
    \builtin printf 'mfa-env: %s\n' 'error: the function sets the variables of the shell that it runs in, and this is a part of a pipe' \
      'hint: type __mfa_env_cmd alone, or eval "$(command mfa-env …)"' >&2
    \builtin return 1
  fi
  if [[ -o interactive ]] && __mfa_env_comes_back; then
    \builtin printf 'mfa-env: %s\n' 'error: in zsh a variable before the call comes back after it, and would stand beside the session' \
      'hint: type __mfa_env_cmd PROFILE, with nothing before it' >&2
    \builtin return 1
  fi
  case $#:${1-} in
    0:) mfa_first="${AWS_PROFILE:-${MFA_ENV_PROFILE-}}" ;;
    1:unset | 1:[0-9][0-9][0-9][0-9][0-9][0-9] | 1:-* | [^1]*) mfa_first="" ;;
  esac
  # In a folder of direnv's `use mfa_env` the program lets direnv undo on leaving what is changed.
  if [[ -n $mfa_first && -z ${MFA_ENV_DIRENV-} ]]; then
    __mfa_env_load "$mfa_first"
    case $? in
      0) \builtin return ;;
      2) \builtin return 1 ;;
    esac
  fi
  __mfa_env_evaluate "$@"
}

# Whether a variable of the session stands before the call, as in `AWS_PROFILE=prod __mfa_env_cmd`: only the typed line tells.
__mfa_env_comes_back() {
  \builtin setopt local_options extended_glob
  \builtin local mfa_line=" ${history[${HISTCMD:-0}]-}" mfa_value="[^[:space:];&|]#[[:blank:]]##"
  # The pattern takes far more than linear time and memory.
  ((${#mfa_line} <= 1000)) || \builtin return 1
  \builtin local -a mfa_names
  mfa_names=(MFA_ENV_MISLEADING MFA_ENV_SESSION AWS_REGION AWS_DEFAULT_REGION)
  # In a variable, since shells with sh_glob would not read it.
  mfa_value="*[[:space:];&|(](${(j:|:)mfa_names})=$mfa_value([A-Za-z0-9_]##=$mfa_value)#__mfa_env_cmd([^A-Za-z0-9_-]*|)"
  [[ $mfa_line == ${~mfa_value} ]]
}

__mfa_env_evaluate() {
  # Two lines: `eval "$(…)"` and `local x=$(…)` both hide a failure.
  \builtin local mfa_statements="" mfa_status=0 mfa_each="" mfa_type=""
  mfa_statements="$(__mfa_env_program --shell zsh "$@")" || mfa_status=$?
  # Unset, a variable has no type that would change what it is to hold, and stays a calling function's own.
  for mfa_each in MFA_ENV_SESSION AWS_REGION AWS_DEFAULT_REGION; do
    mfa_type="${(Pt)mfa_each}"
    case ${${mfa_type/-local/}/-export/} in
      '' | scalar | *readonly*) ;;
      *) [[ $mfa_statements != *"export $mfa_each="* ]] || \builtin unset "$mfa_each" ;;
    esac
  done
  \builtin eval "$mfa_statements" || mfa_status="$((mfa_status ? mfa_status : 1))"
  \builtin return "$mfa_status"
}

__mfa_env_program() {
  if [[ -x 'MFA_ENV_NODE' && -r 'MFA_ENV_PROGRAM' ]]; then
    MFA_ENV_FUNCTION='MFA_ENV_VERSION' 'MFA_ENV_NODE' 'MFA_ENV_PROGRAM' "$@"
  else
    MFA_ENV_FUNCTION='MFA_ENV_VERSION' \command mfa-env "$@"
  fi
}
