# shellcheck shell=bash
# What is to be put right behind the functions.

if \builtin declare -F __mfa_env_was_posix >/dev/null; then
  __mfa_env_was_posix
  \builtin unset -f __mfa_env_was_posix
fi
