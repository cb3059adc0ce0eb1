# shellcheck shell=bash disable=SC2154,SC2015,SC2030,SC2031,SC2128,SC2178,SC2317
# Before each prompt: a session that another terminal has renewed is taken over, once this shell's own is near its end.
#
# It keeps what it knows in three small functions, which it defines anew, since a variable of its own would be in the user's way.

__mfa_env_hook() {
  # In quotes for `set -k`, as in __mfa_env_quietly.
  \builtin local "mfa_status=$?" "mfa_now="
  if [[ -n ${AWS_CREDENTIAL_EXPIRATION-} && -n ${MFA_ENV_PROFILE-} ]]; then
    [[ -z ${AWS_PROFILE-} ]] || __mfa_env_was_warned || __mfa_env_quietly __mfa_env_warn
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

# Whether the user has been told that AWS_PROFILE is back.
__mfa_env_was_warned() {
  \builtin return 1
}

# Whether the AWS files are still those of mfa_files: with other files, the same name is another client's profile.
__mfa_env_is_here() {
  \builtin return 0
}

# → mfa_files: what leads to the AWS files, as letters that are evaluated as they are.
__mfa_env_files() {
  mfa_files="${HOME-}|${AWS_SHARED_CREDENTIALS_FILE-}|${AWS_CONFIG_FILE-}"
  mfa_files=${#mfa_files}:${mfa_files//[!A-Za-z0-9_.\/|-]/_}
}

# Says once that AWS_PROFILE is back, in a session that has keys.
__mfa_env_warn() {
  \builtin local LC_ALL=C || \builtin return 0
  [[ -n ${AWS_ACCESS_KEY_ID-} && -n ${AWS_SESSION_TOKEN-} ]] && __mfa_env_is_name "${MFA_ENV_PROFILE}" || \builtin return 0
  __mfa_env_was_warned() { \builtin return 0; }
  \builtin printf 'mfa-env: AWS_PROFILE is set next to the session of %s, and some tools use it instead: unset AWS_PROFILE\n' "${MFA_ENV_PROFILE}" >&2
}

__mfa_env_follow() {
  \builtin local LC_ALL=C IFS=$' \t\n' mfa_files || \builtin return 0
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
  __mfa_env_files
  mfa_loaded=1
  if __mfa_env_is_here; then
    mfa_loaded=0
    __mfa_env_load "${MFA_ENV_PROFILE}" "${mfa_expiry}" || mfa_loaded=$?
  fi
  case ${mfa_loaded} in
    0) \builtin return 0 ;;
    1) ((mfa_now >= mfa_epoch)) || \builtin return 0 ;;
  esac
  ! __mfa_env_was_told || \builtin return 0
  \builtin eval "__mfa_env_was_told() { [[ \${mfa_expiry} == '${mfa_expiry}' ]]; }"
  if [[ ${mfa_loaded} == 1 ]]; then
    \builtin printf 'mfa-env: the session of %s has expired: type __mfa_env_cmd %q\n' "${MFA_ENV_PROFILE}" "${MFA_ENV_PROFILE}" >&3
  else
    \builtin printf 'mfa-env: the renewed session of %s is in this shell in part only: one of its variables is read-only\n' "${MFA_ENV_PROFILE}" >&3
  fi
}

# mfa_expiry, mfa_epoch, mfa_now → __mfa_env_is_far, __mfa_env_is_here, and __mfa_env_is_same, by the end of the ID. What is
# evaluated has matched its whole form.
__mfa_env_remember() {
  __mfa_env_files
  \builtin eval "__mfa_env_is_here() { [[ \${mfa_files} == '${mfa_files}' ]]; }"
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

# A session that this shell was born with came with the files that it was born with.
__mfa_env_be_here() {
  \builtin local LC_ALL=C mfa_files || \builtin return 0
  __mfa_env_files
  \builtin eval "__mfa_env_is_here() { [[ \${mfa_files} == '${mfa_files}' ]]; }"
}
__mfa_env_be_here 2>/dev/null
\builtin unset -f __mfa_env_be_here

# As an element of its own it leaves the others `$?` and PIPESTATUS, and is no failure for a trap on ERR.
if [[ ${PROMPT_COMMAND[*]-} == *__mfa_env_hook* ]]; then
  \builtin :
elif ! (PROMPT_COMMAND="") 2>/dev/null; then
  # To set it all the same would end what is evaluated.
  \builtin printf 'mfa-env: %s\n' 'error: PROMPT_COMMAND is read-only, so this shell takes over no renewed session' \
    'hint: remove the line that makes it read-only, or --hook' >&2
elif ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 501)) && [[ -n ${PROMPT_COMMAND[*]-} ]]; then
  PROMPT_COMMAND=(__mfa_env_hook "${PROMPT_COMMAND[@]}")
else
  PROMPT_COMMAND="__mfa_env_hook${PROMPT_COMMAND:+;${PROMPT_COMMAND}}"
fi
