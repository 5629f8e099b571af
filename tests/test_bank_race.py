"""Hall against bank on connections of their own: nothing is paid twice or lost."""

import pathlib
import subprocess

from dev import odoo, paths, scratch
from dev.database import Builder

SCRIPT = pathlib.Path(__file__).parent / "bank_race.py"


def test_hall_against_bank(server):
    with scratch.copy(server, "full", "bankrace") as name:
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
        assert "0 problems" in done.stdout
