# shellcheck shell=bash disable=SC2154,SC2015,SC2128,SC2178
# Before each prompt: a session that another terminal has renewed is taken over, once this shell's own is near its end.
#
# It keeps what it knows in three small functions, which it defines anew, since a variable of its own would be in the user's way.

__mfa_env_hook() {
  # In quotes for `set -k`, as in __mfa_env_quietly.
  \builtin local "mfa_status=$?" "mfa_now="
  if [[ -n ${AWS_CREDENTIAL_EXPIRATION-} && -n ${MFA_ENV_PROFILE-} ]]; then
    # Bash complains of a locale that is not installed when it goes back to it: what is said goes another way.
    __mfa_env_is_far || __mfa_env_quietly __mfa_env_follow 3>&2 2>/dev/null
  fi
  # Before 5.1 the next command of PROMPT_COMMAND looks at it; with `set -e` it would end the shell.
  ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] < 501)) && [[ $- != *e* ]] || \builtin return 0
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

# Whether the keys are still those that __mfa_env_follow saw with this expiry and profile: others were put in by hand.
__mfa_env_is_same() {
  \builtin return 0
}

__mfa_env_follow() {
  \builtin local LC_ALL=C IFS=$' \t\n' || \builtin return 0
  \builtin local mfa_expiry="${AWS_CREDENTIAL_EXPIRATION}" mfa_epoch mfa_loaded=0
  # Beside these the shell may be another tool's, or the user's own choice.
  [[ -z ${AWS_PROFILE-}${AWS_DEFAULT_PROFILE-}${AWS_VAULT-}${AWSUME_PROFILE-} ]] &&
    [[ -z ${AWS_ACCESS_KEY_ID-} || -n ${AWS_SESSION_TOKEN-} ]] &&
    __mfa_env_is_name "${MFA_ENV_PROFILE}" && __mfa_env_is_same || \builtin return 0
  __mfa_env_epoch "${mfa_expiry}" && __mfa_env_clock || \builtin return 0
  if ((mfa_now < mfa_epoch - 300)); then
    __mfa_env_remember
    \builtin return 0
  fi
  __mfa_env_load "${MFA_ENV_PROFILE}" "${mfa_expiry}" || mfa_loaded=$?
  case ${mfa_loaded} in
    0) \builtin return 0 ;;
    1) ((mfa_now >= mfa_epoch)) || \builtin return 0 ;;
  esac
  ! __mfa_env_was_told || \builtin return 0
  \builtin eval "__mfa_env_was_told() { [[ \${mfa_expiry} == '${mfa_expiry}' ]]; }"
  if [[ ${mfa_loaded} == 1 ]]; then
    \builtin printf 'mfa-env: the session of %s has expired: type __mfa_env_cmd %s\n' "${MFA_ENV_PROFILE}" "${MFA_ENV_PROFILE}" >&3
  else
    \builtin printf 'mfa-env: the renewed session of %s is in this shell in part only: one of its variables is read-only\n' "${MFA_ENV_PROFILE}" >&3
  fi
}

# mfa_expiry, mfa_epoch, mfa_now → __mfa_env_is_far, and __mfa_env_is_same, by the end of the id. What is evaluated has
# matched its whole form.
__mfa_env_remember() {
  \builtin local mfa_since="${SECONDS-}" mfa_until mfa_end="${AWS_ACCESS_KEY_ID-}"
  mfa_end=${mfa_end: -4}
  [[ ${#mfa_end} != 4 || ${mfa_end} == *[!A-Za-z0-9_]* ]] ||
    \builtin eval "__mfa_env_is_same() { [[ \${mfa_expiry}:\${MFA_ENV_PROFILE} != '${mfa_expiry}:${MFA_ENV_PROFILE}' || \${AWS_ACCESS_KEY_ID-} == *'${mfa_end}' ]]; }"
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

# As an element of its own it leaves the others `$?` and PIPESTATUS, and is no failure for a trap on ERR.
if [[ ${PROMPT_COMMAND[*]-} == *__mfa_env_hook* ]]; then
  \builtin :
elif ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 501)) && [[ -n ${PROMPT_COMMAND[*]-} ]]; then
  PROMPT_COMMAND=(__mfa_env_hook "${PROMPT_COMMAND[@]}")
else
  PROMPT_COMMAND="__mfa_env_hook${PROMPT_COMMAND:+;${PROMPT_COMMAND}}"
fi
