# shellcheck shell=bash disable=SC2015,SC2016,SC2043,SC2088
# For direnv: `use mfa_env PROFILE` in an .envrc puts the valid saved session of a profile into the folder's environment.
#
# Without a session every AWS tool has to fail, whatever identity it could find elsewhere: docs/direnv.md shows what each looks at.

# PROFILE [--prompt]
use_mfa_env() {
  __mfa_env_quietly __mfa_env_use "$@"
}

__mfa_env_use() {
  \builtin local mfa_profile="" mfa_failed=""
  __mfa_env_clear
  __mfa_env_use_session "$@" || mfa_failed=1
  # The program and the functions know the folder by it; the profile is what `mfa-env` alone means here.
  \builtin export "MFA_ENV_DIRENV=${mfa_profile:-use mfa_env PROFILE}" || mfa_failed=1
  [[ -n ${mfa_failed} ]] || \builtin return 0
  __mfa_env_block
  __mfa_env_stay_closed
  \builtin return 1
}

# PROFILE [--prompt] → mfa_profile, and its session.
__mfa_env_use_session() {
  \builtin local mfa_word mfa_prompt="" mfa_wrong="" mfa_statements mfa_loaded=0
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

# Removes what belongs to a session, or would send a tool to another identity; a region or a setting that the user set stays.
__mfa_env_clear() {
  \builtin local mfa_each
  for mfa_each in MFA_ENV_SETTING_NAMES; do
    [[ " ${MFA_ENV_SETTINGS-} " != *" ${mfa_each} "* ]] || \builtin unset -v "${mfa_each}"
  done
  \builtin unset -v MFA_ENV_SETTINGS
  [[ -z ${AWS_REGION-} || ${AWS_REGION} != "${MFA_ENV_REGION-}" ]] || \builtin unset -v AWS_REGION AWS_DEFAULT_REGION
  for mfa_each in MFA_ENV_MISLEADING MFA_ENV_SESSION MFA_ENV_DIRENV; do
    \builtin unset -v "${mfa_each}" || \builtin :
  done
}

# Lets every AWS tool fail: a profile that cannot be there, keys with a line end, which no header can hold, and no other provider.
__mfa_env_block() {
  \builtin local mfa_each
  for mfa_each in MFA_ENV_OTHER_PROVIDERS; do
    \builtin unset -v "${mfa_each}" || \builtin :
  done
  # shellcheck disable=SC2034
  \builtin export AWS_PROFILE='MFA_ENV_NO_SESSION' AWS_EC2_METADATA_DISABLED=true || \builtin :
  for mfa_each in AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN; do
    \builtin export "${mfa_each}="'MFA_ENV_NO_SESSION'$'\n''(direnv)' || \builtin :
  done
}

# Where an .envrc fails, by `set -e` for instance, direnv goes back to the environment outside, which may have an identity. From here
# on it gets what is there at the end, as if nothing had failed.
__mfa_env_stay_closed() {
  \builtin local mfa_trap
  mfa_trap=$(\builtin trap -p EXIT)
  [[ ${mfa_trap} == 'trap -- '* && ${mfa_trap} != *mfa-env:* ]] || \builtin return 0
  # bash quotes it for this.
  \eval "mfa_trap=(${mfa_trap#trap -- })"
  # In no function: direnv's own trap has local variables, and bash has lost its functions by then.
  # shellcheck disable=SC2064
  \builtin trap "[[ \$? == 0 ]] || \\builtin printf 'mfa-env: %s\n' 'the .envrc failed, and direnv loads what makes AWS tools fail' >&2
\\builtin true
${mfa_trap[0]}" EXIT
}
