"""Where the browser is."""

from __future__ import annotations

import shutil

import pytest


def chromium() -> str:
    """The path of a Chromium; a test that needs one fails without."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.fail("this needs a Chromium: apt-get install chromium")
    return found
