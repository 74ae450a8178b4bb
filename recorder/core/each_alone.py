"""Work on many things of which one that fails does not keep the others."""

from collections.abc import Iterator
from contextlib import contextmanager

from recorder.core.errors import ExitCode, RecorderError


class EachAlone:
    """Notes what fails and goes on; the first failure is raised at the end.

    Attributes:
        failed: Name and error of each that failed, in order.
    """

    def __init__(self) -> None:
        self.failed: list[tuple[str, RecorderError]] = []

    @contextmanager
    def trying(self, name: str = "") -> Iterator[None]:
        """Note an expected failure of the block; a bug goes through."""
        try:
            yield
        except RecorderError as error:
            self.note(name, error)

    def note(self, name: str, error: RecorderError) -> None:
        """Note a failure that was met elsewhere."""
        self.failed.append((name, error))

    @property
    def codes(self) -> set[ExitCode]:
        """Give the exit codes of all that failed."""
        return {error.code for _, error in self.failed}

    def told(self) -> dict[str, str]:
        """Give what failed and why, with its fix, each once."""
        return {name: str(error) for name, error in self.failed}

    def end(self) -> None:
        """Raise the first failure, if there was one.

        Raises:
            RecorderError: As noted.
        """
        if self.failed:
            raise self.failed[0][1]
