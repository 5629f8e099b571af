"""Runs beside Odoo: ``python -m dev.inside CONF DATABASE FILE ARGUMENT…``.

Executes a Python file with ``env`` (superuser, committed at the end) in an Odoo
without a web server. The exit code is the file's.
"""

import os
import runpy
import sys


def main(config, database, file, *arguments):
    """Load the registry and execute the file."""
    import odoo.tools
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry

    level = os.environ.get("CS_LOG_LEVEL", "info")
    options = ["-c", config, "-d", database, f"--log-level={level}"]
    odoo.tools.config.parse_config(options, setup_logging=True)
    sys.argv = [file, *arguments]
    registry = Registry(database)
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        try:
            runpy.run_path(file, {"env": env}, "__main__")
        except SystemExit as end:
            if end.code:
                cr.rollback()
                return end.code
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
