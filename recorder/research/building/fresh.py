"""What a worker's process runs first. Imports nothing that loads Arrow."""

from multiprocessing.connection import Connection

from recorder.unfound import keep_out


def begin(pipe: Connection) -> None:
    """Serve tasks until the pipe closes, without pandas.

    Arrow would load it wherever it is installed, for 1.6 s and 50 MB; no task uses it.
    """
    keep_out({"pandas"})
    from recorder.research.building.worker import serve  # noqa: PLC0415 - loads Arrow

    serve(pipe)
