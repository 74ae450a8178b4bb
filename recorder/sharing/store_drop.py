"""Drops in an object store, through pyarrow.fs: S3 and what speaks like it, Google's.

An object appears when its upload is complete; a killed program leaves none. The store's own
messages may name keys, so only the kind of its failure is told.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final
from urllib.parse import urlsplit

from recorder.core.errors import ExitCode, RecorderError
from recorder.files import whole_file
from recorder.sharing.drop_copying import copy, digest_of, opened, refuse_another
from recorder.sharing.drop_errors import DropAddressWrong, DropUnreachable
from recorder.sharing.drops import Missed, Seen, Sent, Writable

if TYPE_CHECKING:
    from pyarrow.fs import FileSystem

CONNECT_S: Final = 10
REQUEST_S: Final = 60
_TRIES: Final = 3
_KIND: Final = re.compile(r"AWS Error ([A-Z_]{3,40})")
_ENDPOINT: Final = "AWS_ENDPOINT_URL"


class CredentialsMissing(RecorderError):
    """The store asks who one is, and the environment does not say."""

    def __init__(self, names: str) -> None:
        super().__init__(
            "There are no credentials for that store",
            f"set {names} in the environment; they are never kept",
            ExitCode.NOT_PERMITTED,
        )


def open_store(scheme: str, place: str, environment: Mapping[str, str] = os.environ) -> "StoreDrop":
    """Give a drop in a store. `place`: bucket and folder.

    Raises:
        DropAddressWrong: There is no such kind of store, or no bucket.
        CredentialsMissing: The environment does not tell them.
    """
    if not place.strip("/"):
        raise DropAddressWrong("it names no bucket", f"write {scheme}://bucket/folder")
    if scheme == "s3":
        return StoreDrop(_s3(environment), f"s3://{place}", place)
    if scheme == "gs":
        return StoreDrop(_gs(environment), f"gs://{place}", place)
    raise DropAddressWrong(f"{scheme}:// is not known", "a folder, s3://bucket or gs://bucket")


def _s3(environment: Mapping[str, str]) -> "FileSystem":
    """Give the store of AWS_ENDPOINT_URL, or AWS itself; asks no metadata service for keys."""
    os.environ.setdefault("AWS_EC2_METADATA_DISABLED", "true")
    from pyarrow.fs import AwsStandardS3RetryStrategy, S3FileSystem  # noqa: PLC0415 - after the above

    key, secret = (
        environment.get(f"AWS_{name}") for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY")
    )
    if not key or not secret:
        raise CredentialsMissing("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
    endpoint = urlsplit(environment.get(_ENDPOINT, ""))
    if environment.get(_ENDPOINT) and (
        endpoint.scheme not in {"http", "https"} or not endpoint.netloc
    ):
        raise DropAddressWrong(
            f"{_ENDPOINT} is no address", "write it as https://store.example:9000"
        )
    region = environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION") or "us-east-1"
    return S3FileSystem(
        access_key=key, secret_key=secret, session_token=environment.get("AWS_SESSION_TOKEN"),
        region=region, scheme=endpoint.scheme or "https", endpoint_override=endpoint.netloc or None,
        background_writes=False, connect_timeout=CONNECT_S, request_timeout=REQUEST_S,
        retry_strategy=AwsStandardS3RetryStrategy(max_attempts=_TRIES),
    )  # fmt: skip


def _gs(environment: Mapping[str, str]) -> "FileSystem":
    try:
        from pyarrow.fs import GcsFileSystem  # noqa: PLC0415 - not in every build of pyarrow
    except ImportError as cause:
        raise DropAddressWrong("this pyarrow has no gs://", "use s3:// or a folder") from cause
    if not environment.get("GOOGLE_APPLICATION_CREDENTIALS"):
        raise CredentialsMissing("GOOGLE_APPLICATION_CREDENTIALS")
    return GcsFileSystem()


class StoreDrop:
    """A folder of a bucket."""

    def __init__(self, files: "FileSystem", url: str, base: str) -> None:
        self.url = url
        self.files = files
        self.base = base.strip("/")

    def names(self, prefix: str, missed: Missed | None = None) -> Iterator[str]:  # noqa: ARG002 - a store has no folders
        """Give the names below a folder."""
        from pyarrow.fs import FileSelector  # noqa: PLC0415 - only where a store is used

        below = FileSelector(self._path(prefix), recursive=True, allow_not_found=True)
        with self._telling():
            found = self.files.get_file_info(below)
        for one in sorted(found, key=lambda one: one.path):
            if one.is_file:
                yield one.path.removeprefix(f"{self.base}/")

    def look(self, name: str) -> Seen | None:
        """Give a file's size and time; None when there is none."""
        with self._telling():
            found = self.files.get_file_info(self._path(name))
        return Seen(int(found.size), found.mtime_ns or 0) if found.is_file else None

    def size(self, name: str) -> int | None:
        """Give a file's size; None when there is none."""
        found = self.look(name)
        return None if found is None else found.size_bytes

    def head(self, name: str, most_bytes: int) -> bytes:
        """Give the first bytes of a file."""
        with self._telling(), self.files.open_input_file(self._path(name)) as file:
            return bytes(file.read(most_bytes))

    def digest(self, name: str) -> str:
        """Give the hex SHA-256 of a file."""
        with self._telling(), self.files.open_input_stream(self._path(name)) as file:
            return digest_of(file)

    def read(self, name: str, most_bytes: int) -> bytes:
        """Give a small file's bytes."""
        with self._telling(), self.files.open_input_stream(self._path(name)) as file:
            data = bytes(file.read(most_bytes + 1))
        if len(data) > most_bytes:
            raise DropUnreachable(self.url, "a file in it is larger than it may be")
        return data

    def get_to(self, name: str, path: Path, most_bytes: int) -> None:
        """Copy a file to a path, where it appears whole."""
        at = self._path(name)
        with self._telling(), self.files.open_input_stream(at) as source, whole_file(path) as file:
            copy(source, file, most_bytes)

    def put(self, name: str, source: Path | bytes, sent: Sent | None = None) -> bool:
        """Put a file there; False when the same is there already."""
        with opened(source) as (file, size_bytes):
            if self.size(name) is not None:
                return refuse_another(self, name, file, size_bytes)
            with self._telling(), self._upload(name) as into:
                copy(file, into, size_bytes, sent)
        return True

    @contextmanager
    def opened(self, name: str) -> Iterator[BinaryIO]:
        """Open a file to read any part of it, without fetching the rest."""
        with self._telling(), self.files.open_input_file(self._path(name)) as file:
            yield file

    @contextmanager
    def writing(self, name: str) -> Iterator[Writable]:
        """Open a file to write it; it appears when its upload is complete."""
        with self._telling(), self._upload(name) as into:
            yield into

    def remove(self, name: str) -> bool:
        """Take a file away; False when it is not there."""
        if self.size(name) is None:
            return False
        with self._telling():
            self.files.delete_file(self._path(name))
        return True

    def _path(self, name: str) -> str:
        return f"{self.base}/{name}"

    @contextmanager
    def _upload(self, name: str) -> Iterator[Writable]:
        """Give where to write to; pyarrow cannot give an upload up, so what was cut goes."""
        into = self.files.open_output_stream(self._path(name))
        try:
            yield into
        except BaseException:
            with suppress(OSError):
                into.close()
            with suppress(OSError):
                self.files.delete_file(self._path(name))
            raise
        into.close()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except OSError as cause:
            found = _KIND.search(str(cause))
            why = found[1].lower().replace("_", " ") if found else "it does not answer"
            if isinstance(cause, FileNotFoundError):
                why = "something in it is not there"
            fix = "see the address, the credentials and the network; nothing is lost"
            raise DropUnreachable(self.url, why, fix) from cause
