"""Ray, Hugging Face and DuckDB tell nobody that they are used."""

import subprocess
import sys

CODE = """
import os, sys
reached = []
def heard(event, args):
    if event == "socket.getaddrinfo" or (
        event == "socket.connect" and isinstance(args[1], tuple) and args[1][0] != "127.0.0.1"
    ):
        reached.append((event, args[-1]))
sys.addaudithook(heard)
os.environ["RAY_USAGE_STATS_ENABLED"] = "1"
from recorder.research.quiet import QUIET, be_quiet
be_quiet()
assert {name: os.environ[name] for name in QUIET} == QUIET
import datasets, duckdb, huggingface_hub.constants, ray.data
from ray._common.usage.usage_lib import usage_stats_enabled
assert not usage_stats_enabled()
assert huggingface_hub.constants.HF_HUB_DISABLE_TELEMETRY
assert huggingface_hub.constants.HF_HUB_OFFLINE
assert datasets.config.HF_HUB_OFFLINE
duckdb.sql("select 1").fetchall()
assert list(datasets.Dataset.from_dict({"a": [1]})) == [{"a": 1}]
print(reached)
"""


def test_nothing_is_reached_and_statistics_are_off() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", CODE], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "[]", done.stderr
