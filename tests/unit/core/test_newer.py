"""A file of a later version is told apart from a damaged one."""

import pytest

from recorder.core.newer import is_newer_schema, is_newer_version


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'{"schema": "recorder.head/2", "x": 1}', True),
        (b'{"schema": "recorder.head/10"}', True),
        (b'{"schema": "recorder.head/1"}', False),
        (b'{"schema": "recorder.folder/2"}', False),
        (b'{"schema": 2}', False),
        (b'{"schema": "recorder.head/2"', False),
        (b'["recorder.head/2"]', False),
        (b"[" * 100_000, False),
        (b"", False),
    ],
)
def test_a_later_number_of_the_same_schema_is_newer(data: bytes, expected: bool) -> None:  # noqa: FBT001 - a table
    assert is_newer_schema(data, "recorder.head/1") is expected


@pytest.mark.parametrize(
    ("version", "expected"),
    [("1.2.0", True), ("2.0.0", True), ("1.1.9", False), ("1.10.0", True), ("0.9", False), ("", False)],
)  # fmt: skip
def test_versions_are_compared_by_their_numbers(version: str, expected: bool) -> None:  # noqa: FBT001 - a table
    data = b'{"schema_version": "%s"}' % version.encode()
    assert is_newer_version(data, "1.1.0") is expected
