"""An S3 server on loopback, and the environment that leads to it."""

from collections.abc import Iterator
from contextlib import contextmanager

import boto3
from moto.server import ThreadedMotoServer

BUCKET = "drop"


@contextmanager
def s3_server() -> Iterator[dict[str, str]]:
    """Give the variables of a store with an empty bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    found = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "made-up-key",
        "AWS_SECRET_ACCESS_KEY": "made-up-secret",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    client = boto3.client(
        "s3", endpoint_url=found["AWS_ENDPOINT_URL"], region_name="us-east-1",
        aws_access_key_id="made-up-key", aws_secret_access_key="made-up-secret",
    )  # fmt: skip
    client.create_bucket(Bucket=BUCKET)
    client.close()
    try:
        yield found
    finally:
        server.stop()
