"""What tools do that print a saved session for `eval`, such as aws-export-credentials: botocore reads, Python prints."""

import shlex
import sys

import botocore.session

credentials = botocore.session.Session(profile=sys.argv[1]).get_credentials().get_frozen_credentials()
for name, value in (
    ("AWS_ACCESS_KEY_ID", credentials.access_key),
    ("AWS_SECRET_ACCESS_KEY", credentials.secret_key),
    ("AWS_SESSION_TOKEN", credentials.token),
):
    print(f"export {name}={shlex.quote(value)}")
