"""Makes a fresh database Chinese: country, currency, language, time zone.

Executed by ``dev.inside`` before accounting is installed, so that the chart of
accounts is the Chinese one. ``--people`` sets language and zone of the users too.
"""

import sys

LANGUAGE, ZONE = "zh_CN", "Asia/Shanghai"

env = env  # noqa: F821, PLW0127 (given by dev.inside)
company = env.ref("base.main_company")
currency = env.ref("base.CNY")
currency.active = True
company.write({"country_id": env.ref("base.cn").id, "currency_id": currency.id})
company.partner_id.tz = ZONE
if "resource_calendar_id" in company:
    env["resource.calendar"].search([]).tz = ZONE
users = env["res.users"].with_context(active_test=False).search([])
users.partner_id.tz = ZONE
env["ir.default"].set("res.partner", "tz", ZONE)
if "--people" in sys.argv:
    # One currency: no screen asks for an amount in another.
    env["res.currency"].search([("id", "!=", currency.id)]).active = False
    env["res.partner"].with_context(active_test=False).search([]).lang = LANGUAGE
    env["ir.default"].set("res.partner", "lang", LANGUAGE)
