# shellcheck shell=bash disable=SC2154
# Before each prompt: a session that another terminal has renewed is taken over, once this shell's own is near its end.
#
# It keeps what it knows in two small functions, which it defines anew, since a variable of its own would be in the user's way.

__mfa_env_hook() {
  \builtin local mfa_status="$?" mfa_now=""
  if [[ -n ${AWS_CREDENTIAL_EXPIRATION-} && -n ${MFA_ENV_PROFILE-} ]]; then
    __mfa_env_is_far || __mfa_env_quietly __mfa_env_follow
  fi
  # The next command of PROMPT_COMMAND may look at it; with `set -e` it would end the shell.
  [[ $- != *e* ]] || \builtin return 0
  \builtin return "${mfa_status}"
}

# Whether the session has more than five minutes, as __mfa_env_follow found.
__mfa_env_is_far() {
  \builtin return 1
}

# Whether the user has been told of this session's end.
__mfa_env_was_told() {
  \builtin return 1
}

__mfa_env_follow() {
  \builtin local LC_ALL=C IFS=$' \t\n' mfa_expiry="${AWS_CREDENTIAL_EXPIRATION}" mfa_epoch mfa_loaded=0
  # Beside these the session may be another tool's.
  [[ -z ${AWS_VAULT-}${AWSUME_PROFILE-} ]] && __mfa_env_is_name "${MFA_ENV_PROFILE}" || \builtin return 0
  __mfa_env_epoch "${mfa_expiry}" && __mfa_env_clock || \builtin return 0
  if ((mfa_now < mfa_epoch - 300)); then
    __mfa_env_remember
    \builtin return 0
  fi
  __mfa_env_load "${MFA_ENV_PROFILE}" "${mfa_expiry}" 2>/dev/null || mfa_loaded=$?
  case ${mfa_loaded} in
    0) \builtin return 0 ;;
    1) ((mfa_now >= mfa_epoch)) || \builtin return 0 ;;
  esac
  ! __mfa_env_was_told || \builtin return 0
  \builtin eval "__mfa_env_was_told() { [[ \${mfa_expiry} == '${mfa_expiry}' ]]; }"
  if [[ ${mfa_loaded} == 1 ]]; then
    \builtin printf 'mfa-env: the session of %s has expired: type __mfa_env_cmd %s\n' "${MFA_ENV_PROFILE}" "${MFA_ENV_PROFILE}" >&2
  else
    \builtin printf 'mfa-env: the renewed session of %s is in this shell in part only: one of its variables is read-only\n' "${MFA_ENV_PROFILE}" >&2
  fi
}

# mfa_expiry, mfa_epoch, mfa_now → __mfa_env_is_far. Both have matched their whole form.
__mfa_env_remember() {
  \builtin local mfa_since="${SECONDS-}" mfa_until
  if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 402)); then
    \builtin eval "__mfa_env_is_far() {
      [[ \${AWS_CREDENTIAL_EXPIRATION} == '${mfa_expiry}' ]] && \\builtin printf -v mfa_now '%(%s)T' -1 && ((mfa_now < ${mfa_epoch} - 300))
    }"
  elif [[ -n ${mfa_since} && ${mfa_since} != *[!0-9]* ]]; then
    # Without a clock SECONDS goes on for it, which the user may set: after ten minutes the time is looked at again.
    mfa_since=$((10#${mfa_since}))
    mfa_until=$((mfa_epoch - 300 - mfa_now < 600 ? mfa_epoch - 300 - mfa_now : 600))
    \builtin eval "__mfa_env_is_far() {
      [[ \${AWS_CREDENTIAL_EXPIRATION} == '${mfa_expiry}' && -n \${SECONDS-} && \${SECONDS} != *[!0-9]* ]] &&
        ((10#\${SECONDS} >= ${mfa_since} && 10#\${SECONDS} < ${mfa_since} + ${mfa_until}))
    }"
  fi
}

# Where it is an array, this is its first element.
if [[ ${PROMPT_COMMAND[*]-} != *__mfa_env_hook* ]]; then
  PROMPT_COMMAND="__mfa_env_hook${PROMPT_COMMAND:+;${PROMPT_COMMAND}}"
fi
