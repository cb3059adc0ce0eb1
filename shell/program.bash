# shellcheck shell=bash
# How secrets are kept out of traces, and how the program is called.

# Calls a function that secrets pass through, without a trace, or a trap that would see each command, and without `set -k`: with
# it a word like `name=value` is a variable before the command, and `local` and `export`, of which no word is left, print what there
# is; but in quotes it stays a word. Only bash from 4.4 on has options that end with the function.
__mfa_env_quietly() {
  { \builtin local "mfa_status=0" "mfa_options=$-" && { \builtin local - || mfa_options+=!; } && \builtin set +xvTEk; } 2>/dev/null
  "$@" || mfa_status=$?
  {
    case ${mfa_options} in *k*!) \builtin set -k ;; esac
    case ${mfa_options} in *E*!) \builtin set -E ;; esac
    case ${mfa_options} in *T*!) \builtin set -T ;; esac
    case ${mfa_options} in *v*!) \builtin set -v ;; esac
    case ${mfa_options} in *x*!) \builtin set -x ;; esac
  } 2>/dev/null
  \builtin return "${mfa_status}"
}

__mfa_env_program() {
  if [[ -x 'MFA_ENV_NODE' && -r 'MFA_ENV_PROGRAM' ]]; then
    MFA_ENV_FUNCTION='MFA_ENV_VERSION' 'MFA_ENV_NODE' 'MFA_ENV_PROGRAM' "$@"
  else
    MFA_ENV_FUNCTION='MFA_ENV_VERSION' \command mfa-env "$@"
  fi
}
