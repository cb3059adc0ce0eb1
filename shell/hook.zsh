# Before each prompt: a session that another terminal has renewed is taken over, once this shell's own is near its end.
#
# It keeps what it knows in functions, which it defines anew, since a variable of its own would be in the user's way.

# One function alone, and no process: it is called again and again while the session is far from its end.
__mfa_env_hook() {
  [[ -z ${AWS_CREDENTIAL_EXPIRATION-} || -z ${MFA_ENV_PROFILE-} ]] || __mfa_env_follow
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
  \builtin setopt local_options no_multibyte extended_glob
  mfa_files="${HOME-}|${AWS_SHARED_CREDENTIALS_FILE-}|${AWS_CONFIG_FILE-}"
  mfa_files="${#mfa_files}:${mfa_files//[^A-Za-z0-9_.\/|-]/_}"
}

# Says once that AWS_PROFILE is back, in a session that has keys.
__mfa_env_warn() {
  __mfa_env_was_warned && \builtin return 0
  [[ -n ${AWS_ACCESS_KEY_ID-} && -n ${AWS_SESSION_TOKEN-} && $mfa_profile != *[^A-Za-z0-9_./%@:+-]* ]] || \builtin return 0
  __mfa_env_was_warned() { \builtin return 0; }
  \builtin printf 'mfa-env: AWS_PROFILE is set next to the session of %s, and some tools use it instead: unset AWS_PROFILE\n' "$mfa_profile" >&2
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
  # Secrets pass through here, and are not traced.
  { \builtin emulate -L zsh && \builtin setopt no_xtrace no_verbose no_aliases; } 2>/dev/null
  \builtin trap - DEBUG
  \builtin local mfa_files="" mfa_expiry="$AWS_CREDENTIAL_EXPIRATION" mfa_profile="$MFA_ENV_PROFILE" mfa_epoch="" mfa_now="" mfa_end=""
  [[ -z ${AWS_PROFILE-} ]] || __mfa_env_warn
  # Next to these the shell may be another tool's, or the user's own choice.
  [[ -z ${AWS_PROFILE-}${AWS_DEFAULT_PROFILE-}${AWS_VAULT-}${AWSUME_PROFILE-} && $mfa_profile != *[^A-Za-z0-9_./%@:+-]* ]] &&
    [[ -z ${AWS_ACCESS_KEY_ID-} || -n ${AWS_SESSION_TOKEN-} ]] && __mfa_env_is_same || \builtin return 0
  __mfa_env_epoch "$mfa_expiry" || \builtin return 0
  __mfa_env_files
  if ((mfa_now < mfa_epoch - 300)); then
    \builtin eval "__mfa_env_is_here() { [[ \$mfa_files == '$mfa_files' ]]; }"
    # All have matched their whole form. No quotation is over a line's end, which `setopt csh_junkie_quotes` forbids.
    \builtin eval "__mfa_env_hook() { \\builtin local mfa_now='%D{%s}';" \
      "[[ -z \${AWS_CREDENTIAL_EXPIRATION-} || -z \${MFA_ENV_PROFILE-} ]] ||" \
      "[[ \$AWS_CREDENTIAL_EXPIRATION == '$mfa_expiry' && -z \${AWS_PROFILE-} && \${(%)mfa_now} -lt $((mfa_epoch - 300)) ]] || __mfa_env_follow; }"
    # By the end of the id.
    mfa_end="${AWS_ACCESS_KEY_ID[-4,-1]-}"
    [[ ${#mfa_end} != 4 || $mfa_end == *[^A-Za-z0-9_]* ]] ||
      \builtin eval "__mfa_env_is_same() { [[ \$mfa_expiry:\$mfa_profile != '$mfa_expiry:$mfa_profile' || \${AWS_ACCESS_KEY_ID-} == *'$mfa_end' ]]; }"
    \builtin return 0
  fi
  # It has no words, but for a module that is not there.
  ! __mfa_env_is_here || ! __mfa_env_load "$mfa_profile" "$mfa_expiry" 2>/dev/null || \builtin return 0
  ((mfa_now >= mfa_epoch)) && ! __mfa_env_was_told || \builtin return 0
  \builtin eval "__mfa_env_was_told() { [[ \$mfa_expiry == '$mfa_expiry' ]]; }"
  \builtin printf 'mfa-env: the session of %s has expired: type __mfa_env_cmd %s\n' "$mfa_profile" "${(q+)mfa_profile}" >&2
}

__mfa_env_add_hook() {
  \builtin emulate -L zsh
  \builtin local mfa_files=""
  # A session that this shell was born with came with the files that it was born with.
  __mfa_env_files
  \builtin eval "__mfa_env_is_here() { [[ \$mfa_files == '$mfa_files' ]]; }"
  if [[ ${(t)precmd_functions} == *readonly* ]]; then
    \builtin printf 'mfa-env: %s\n' 'error: precmd_functions is read-only, so this shell takes over no renewed session' \
      'hint: remove the line that makes it read-only, or --hook' >&2
    \builtin return 0
  fi
  \builtin typeset -ga precmd_functions
  ((${precmd_functions[(Ie)__mfa_env_hook]})) || precmd_functions=(__mfa_env_hook $precmd_functions)
}
__mfa_env_add_hook
\builtin unset -f __mfa_env_add_hook
