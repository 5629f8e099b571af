"""Tests across addons: they make their own databases with ``dev``."""

import pytest

from dev import scratch


@pytest.fixture(scope="session")
def server():
    """The test server."""
    with scratch.test_server() as found:
        yield found
