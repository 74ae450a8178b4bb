"""What the rooms on the capture path load, seen in processes of their own."""

import ast
import subprocess
import sys

import pytest

HEAVY = (
    "cryptography", "pydantic", "yaml", "securesystemslib", "pyrage", "keyring", "ssl", "http",
    "urllib.request",
)  # fmt: skip
LOOK = (
    "import sys, recorder.consent.handover;"
    f"print(sorted(set({HEAVY!r}) & {{*sys.modules, *(m.split('.')[0] for m in sys.modules)}}))"
)


def test_the_capture_processes_load_nothing_heavy_for_it() -> None:
    done = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_agent_loads_no_http_or_tls_for_the_gate() -> None:
    code = LOOK.replace("recorder.consent.handover", "recorder.consent.gate, recorder.consent.demo")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(ast.literal_eval(done.stdout))
    assert not loaded & {"ssl", "http", "urllib.request", "keyring"}


def test_signing_loads_no_cloud_client_where_one_is_installed() -> None:
    code = (
        "import sys, recorder.consent.keys; found = set(sys.modules);"
        "import boto3; print(found & {'boto3', 'botocore', 'ssl', 'http'})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


SHARING = {"recorder.sharing.drops", "recorder.sharing.store_drop", "pyarrow.fs", "pyarrow._s3fs"}


@pytest.mark.parametrize("process", ["agent_process", "input_process", "screen_process", "fast"])
def test_no_process_of_a_recording_loads_what_reaches_a_store(process: str) -> None:
    code = f"import sys, recorder.cli.{process}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not SHARING & set(done.stdout.split())


PAGE = {"starlette", "uvicorn", "h11", "anyio", "jinja2", "markupsafe", "recorder.review"}


@pytest.mark.parametrize("process", ["agent_process", "input_process", "screen_process", "fast"])
def test_no_process_of_a_recording_loads_the_review_page(process: str) -> None:
    code = f"import sys, recorder.cli.{process}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not PAGE & set(done.stdout.split())


def test_the_agent_never_loads_pandas_for_writing() -> None:
    script = (
        "import sys, pathlib, tempfile\n"
        "from recorder.core.losses import Losses\n"
        "from tests.unit.episodes.studio import Studio, add, focus, frame, moves\n"
        "folder = tempfile.TemporaryDirectory()\n"
        "writer = Studio(pathlib.Path(folder.name)).begin()\n"
        "for s in (0, 2, 1):\n"
        "    add(writer, events=moves(s, 9), frames=[frame(s, s)], context=[focus(s)])\n"
        "    writer.flush()\n"
        "writer.forget(7_001_500_000_000)\n"
        "writer.close(Losses())\n"
        "assert 'pandas' not in sys.modules and 'duckdb' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


def test_searching_and_drawing_a_day_load_no_pandas() -> None:
    script = (
        "import sys, pathlib, tempfile\n"
        "import recorder.cli.search, recorder.cli.review\n"
        "from recorder.core.losses import Losses\n"
        "from recorder.episodes.searching import Query, search\n"
        "from recorder.review.outline import outline\n"
        "from recorder.review.vault import Opened\n"
        "from tests.unit.episodes.studio import Studio, add, focus, frame, moves\n"
        "folder = tempfile.TemporaryDirectory()\n"
        "studio = Studio(pathlib.Path(folder.name))\n"
        "writer = studio.begin()\n"
        "add(writer, events=moves(1, 9), frames=[frame(1, 1)], context=[focus(1)])\n"
        "home = writer.close(Losses())\n"
        "assert list(search(studio.open(home), Query('xterm')))\n"
        "assert outline(studio.open(home)).counts['move'] == 9\n"
        "assert Opened(studio.open(home), None).index.find('xterm')\n"
        "assert 'pandas' not in sys.modules and 'duckdb' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
