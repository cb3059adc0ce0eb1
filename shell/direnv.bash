# shellcheck shell=bash disable=SC2015,SC2016,SC2043,SC2088
# For direnv: `use mfa_env PROFILE` in an .envrc puts the living saved session of a profile into the folder's environment.

# PROFILE [--prompt]
use_mfa_env() {
  __mfa_env_quietly __mfa_env_use "$@"
}

__mfa_env_use() {
  \builtin local mfa_word mfa_profile="" mfa_prompt="" mfa_wrong="" mfa_statements mfa_loaded=0
  for mfa_word in "$@"; do
    case ${mfa_word} in
      --prompt) mfa_prompt=1 ;;
      -* | '') mfa_wrong=1 ;;
      *)
        [[ -z ${mfa_profile} ]] || mfa_wrong=1
        mfa_profile=${mfa_profile:-${mfa_word}}
        ;;
    esac
  done
  # First of all: whatever fails then, no tool runs as another identity.
  __mfa_env_clear
  # Without it tools would look for [default]; where no word is a profile, it is the name of none.
  \builtin export "AWS_PROFILE=${mfa_profile:-use mfa_env PROFILE}" || \builtin return 1
  if [[ -n ${mfa_wrong} || -z ${mfa_profile} ]]; then
    \builtin printf 'mfa-env: %s\n' 'error: use mfa_env takes a profile' 'hint: use mfa_env PROFILE [--prompt]' >&2
    \builtin return 1
  fi
  __mfa_env_watch "${AWS_SHARED_CREDENTIALS_FILE:-"~/.aws/credentials"}"
  __mfa_env_watch "${AWS_CONFIG_FILE:-"~/.aws/config"}"
  __mfa_env_load "${mfa_profile}" || mfa_loaded=$?
  case ${mfa_loaded} in
    0) \builtin return 0 ;;
    2) \builtin return 1 ;;
  esac
  if [[ -n ${mfa_prompt} ]]; then
    mfa_statements=$(__mfa_env_program --shell bash --profile "${mfa_profile}") || \builtin return 1
  else
    mfa_statements=$(MFA_ENV_ONLY_SAVED=1 __mfa_env_program --shell bash --profile "${mfa_profile}") || \builtin return 1
  fi
  \eval "${mfa_statements}"
}

# FILE, of which the name may begin with `~/` or `$HOME/`, as the AWS files' may.
__mfa_env_watch() {
  case $1 in
    '~/'* | '$HOME/'* | '${HOME}/'*) watch_file "${HOME-}/${1#*/}" ;;
    *) watch_file "$1" ;;
  esac
}

# Removes what is a session's, or would send a tool to another identity; a region or a setting that the user set stays.
__mfa_env_clear() {
  \builtin local mfa_each
  for mfa_each in MFA_ENV_SETTING_NAMES; do
    [[ " ${MFA_ENV_SETTINGS-} " != *" ${mfa_each} "* ]] || \builtin unset -v "${mfa_each}"
  done
  \builtin unset -v MFA_ENV_SETTINGS
  [[ -z ${AWS_REGION-} || ${AWS_REGION} != "${MFA_ENV_REGION-}" ]] || \builtin unset -v AWS_REGION AWS_DEFAULT_REGION
  for mfa_each in MFA_ENV_MISLEADING MFA_ENV_SESSION; do
    \builtin unset -v "${mfa_each}" || \builtin :
  done
}
