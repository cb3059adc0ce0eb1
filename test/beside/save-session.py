"""What scripts do that get a session with a code and save it: botocore calls, configparser writes the file anew."""

import configparser
import os
import sys

import botocore.session

profile, code = sys.argv[1:]
path = os.path.expanduser("~/.aws/credentials")
file = configparser.RawConfigParser()
file.read(path)
client = botocore.session.Session(profile=f"{profile}-default").create_client(
    "sts", region_name="us-east-1", endpoint_url=os.environ["AWS_ENDPOINT_URL_STS"]
)
session = client.get_session_token(
    DurationSeconds=43200, SerialNumber=file[profile]["aws_arn_mfa"], TokenCode=code
)["Credentials"]
file[profile]["aws_access_key_id"] = session["AccessKeyId"]
file[profile]["aws_secret_access_key"] = session["SecretAccessKey"]
file[profile]["aws_session_token"] = session["SessionToken"]
file[profile]["x_security_token_expires"] = session["Expiration"].isoformat()
with open(path, "w", encoding="utf-8") as out:
    file.write(out)
print(f"Saved {profile}")
