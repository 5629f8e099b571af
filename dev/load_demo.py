"""Loads the demo data of the addons named as arguments. Executed by ``dev.inside``.

Odoo's own demo data stays out: it would move the company to Oregon, with a chart
of accounts to match.
"""

import sys

from odoo.modules.module import Manifest
from odoo.tools.convert import convert_file

user = env.user  # noqa: F821 (from dev.inside)
env = user.with_context(install_mode=True, lang=user.lang).env
for name in sys.argv[1:]:
    for file in Manifest.for_addon(name).get("demo", []):
        convert_file(env, name, file, {}, mode="init", noupdate=True)
env.flush_all()
env["ir.qweb"]._pregenerate_assets_bundles()  # so that the first page comes at once
module = env["ir.module.module"].search([("name", "in", sys.argv[1:])])
env.cr.execute("UPDATE ir_module_module SET demo = true WHERE id IN %s", [module._ids])
