"""Cashiers on connections of their own: one wins, nothing is doubled, no gap."""

import pathlib
import subprocess

from dev import odoo, paths, scratch
from dev.database import Builder

SCRIPT = pathlib.Path(__file__).parent / "two_cashiers.py"


def test_cashiers_at_once(server):
    with scratch.copy(server, "full", "cashiers") as name:
        command = [paths.PYTHON, "-m", "dev.inside", Builder(server).config(), name]
        done = subprocess.run(
            [str(part) for part in [*command, SCRIPT]],
            cwd=paths.ROOT,
            env=odoo.environment(),
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "30 receipts of 4 cashiers, 0 problems" in done.stdout
