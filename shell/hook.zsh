# Before each prompt: a session that another terminal has renewed is taken over, once this shell's own is near its end.
#
# It keeps what it knows in functions, which it defines anew, since a variable of its own would be in the user's way.

# One function alone, and no process: it is called again and again while the session is far from its end.
__mfa_env_hook() {
  [[ -z ${AWS_CREDENTIAL_EXPIRATION-} || -z ${MFA_ENV_PROFILE-} ]] || __mfa_env_follow
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
  \builtin local mfa_expiry="$AWS_CREDENTIAL_EXPIRATION" mfa_profile="$MFA_ENV_PROFILE" mfa_epoch="" mfa_now="" mfa_end=""
  # Beside these the shell may be another tool's, or the user's own choice.
  [[ -z ${AWS_PROFILE-}${AWS_DEFAULT_PROFILE-}${AWS_VAULT-}${AWSUME_PROFILE-} && $mfa_profile != *[^A-Za-z0-9_./%@:+-]* ]] &&
    [[ -z ${AWS_ACCESS_KEY_ID-} || -n ${AWS_SESSION_TOKEN-} ]] && __mfa_env_is_same || \builtin return 0
  __mfa_env_epoch "$mfa_expiry" || \builtin return 0
  if ((mfa_now < mfa_epoch - 300)); then
    # All have matched their whole form. No quotation is over a line's end, which `setopt csh_junkie_quotes` forbids.
    \builtin eval "__mfa_env_hook() { \\builtin local mfa_now='%D{%s}';" \
      "[[ -z \${AWS_CREDENTIAL_EXPIRATION-} || -z \${MFA_ENV_PROFILE-} ]] ||" \
      "[[ \$AWS_CREDENTIAL_EXPIRATION == '$mfa_expiry' && \${(%)mfa_now} -lt $((mfa_epoch - 300)) ]] || __mfa_env_follow; }"
    # By the end of the id.
    mfa_end="${AWS_ACCESS_KEY_ID[-4,-1]-}"
    [[ ${#mfa_end} != 4 || $mfa_end == *[^A-Za-z0-9_]* ]] ||
      \builtin eval "__mfa_env_is_same() { [[ \$mfa_expiry:\$mfa_profile != '$mfa_expiry:$mfa_profile' || \${AWS_ACCESS_KEY_ID-} == *'$mfa_end' ]]; }"
    \builtin return 0
  fi
  # It has no words, but for a module that is not there.
  __mfa_env_load "$mfa_profile" "$mfa_expiry" 2>/dev/null && \builtin return 0
  ((mfa_now >= mfa_epoch)) && ! __mfa_env_was_told || \builtin return 0
  \builtin eval "__mfa_env_was_told() { [[ \$mfa_expiry == '$mfa_expiry' ]]; }"
  \builtin printf 'mfa-env: the session of %s has expired: type __mfa_env_cmd %s\n' "$mfa_profile" "$mfa_profile" >&2
}

__mfa_env_add_hook() {
  \builtin emulate -L zsh
  \builtin typeset -ga precmd_functions
  ((${precmd_functions[(Ie)__mfa_env_hook]})) || precmd_functions=(__mfa_env_hook $precmd_functions)
}
__mfa_env_add_hook
\builtin unset -f __mfa_env_add_hook
