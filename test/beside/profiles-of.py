"""Prints, for each case on standard input, the profiles that botocore reads from its two files, or null if it refuses them."""

import json
import os
import sys

import botocore.exceptions
import botocore.session

answers = []
for credentials, config in json.load(sys.stdin):
    os.environ['AWS_SHARED_CREDENTIALS_FILE'] = credentials
    os.environ['AWS_CONFIG_FILE'] = config
    try:
        answers.append(botocore.session.Session().full_config['profiles'])
    except (botocore.exceptions.BotoCoreError, UnicodeDecodeError):
        answers.append(None)
print(json.dumps(answers))
