"""An S3 server on loopback, and the environment that leads to it."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

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
    with _client(found) as client:
        client.create_bucket(Bucket=BUCKET)
    try:
        yield found
    finally:
        server.stop()


def put_empty(environment: Mapping[str, str], name: str) -> None:
    """Put an empty file there, under a name that pyarrow would not write."""
    with _client(environment) as client:
        client.put_object(Bucket=BUCKET, Key=name, Body=b"")


def _client(environment: Mapping[str, str]) -> Any:  # noqa: ANN401 - boto3 makes its class anew
    return closing(
        boto3.client(
            "s3", endpoint_url=environment["AWS_ENDPOINT_URL"], region_name="us-east-1",
            aws_access_key_id="made-up-key", aws_secret_access_key="made-up-secret",
        )
    )  # fmt: skip
