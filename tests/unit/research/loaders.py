"""Hugging Face's library: offline, without usage statistics, its files in a folder that goes."""

import atexit
import os
import shutil
import tempfile

_HOME = tempfile.mkdtemp(prefix="rec-hf-")
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)
os.environ |= {"HF_HOME": _HOME, "HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}

import datasets  # noqa: E402 - it reads the environment when it is imported

__all__ = ["datasets"]
