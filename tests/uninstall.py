"""Uninstalls the addons named. Executed by ``dev.inside``."""

import sys

module = env["ir.module.module"].search([("name", "in", sys.argv[1:])])  # noqa: F821
module.button_immediate_uninstall()
