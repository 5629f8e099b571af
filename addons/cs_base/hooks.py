"""What an installation needs beside models and data."""

import psycopg2

from odoo.exceptions import UserError
from odoo.tools import SQL

from .models.cs_append_only import FUNCTION
from .models.cs_event_seal import HORIZON
from .models.res_company import DEFAULT_TZ

#: Odoo's own form of dates in Chinese.
SHIPPED_DATE_FORMAT = "%Y/%m/%d"
EXTENSIONS = ("btree_gist", "pg_trgm")


def pre_init_hook(env):
    _create_extensions(env)


def post_init_hook(env):
    _set_company_time_zones(env)
    _set_date_format(env)
    _fill_phone_numbers(env)


def uninstall_hook(env):
    env["cs.event"]._drop_guard()
    env["cs.event.seal"]._drop_guard()
    env["cs.presence"]._drop_table()
    env.cr.execute(SQL("DROP FUNCTION IF EXISTS %s()", FUNCTION))
    env["ir.config_parameter"].set_param(HORIZON, False)


def _create_extensions(env):
    """Create the PostgreSQL extensions of exclusion constraints and text indexes."""
    for extension in EXTENSIONS:
        try:
            with env.cr.savepoint(flush=False):
                env.cr.execute(
                    SQL(
                        "CREATE EXTENSION IF NOT EXISTS %s",
                        SQL.identifier(extension),
                    ),
                    log_exceptions=False,
                )
        except psycopg2.Error as error:
            raise UserError(
                env._(
                    "The PostgreSQL extension %(name)s is missing and the database "
                    "user may not create it. Ask the database administrator to run "
                    "CREATE EXTENSION %(name)s; in this database, then install again.",
                    name=extension,
                )
            ) from error
    env.registry.has_trigram = True


def _set_company_time_zones(env):
    """Give Chinese companies their zone where nobody chose one.

    A fresh database has calendars in UTC, which would start each day at 8:00.
    """
    companies = env["res.company"].search([])
    for calendar in companies.filtered(
        lambda company: company.country_code in (False, "CN")
    ).resource_calendar_id.filtered(lambda calendar: calendar.tz in (False, "UTC")):
        calendar.tz = DEFAULT_TZ


def _set_date_format(env):
    """Write days as 2026-11-22, as halls and registers do, if nobody chose a form."""
    languages = env["res.lang"].with_context(active_test=False)
    languages.search(
        [("code", "=", "zh_CN"), ("date_format", "=", SHIPPED_DATE_FORMAT)]
    ).date_format = "%Y-%m-%d"


def _fill_phone_numbers(env):
    """Index the phone numbers of the customers that exist already."""
    Partner = env["res.partner"].with_context(active_test=False)
    Partner.search([("phone", "!=", False)])._cs_sync_phone_numbers()


def forget_types(env, *codes):
    """For the ``uninstall_hook`` of an app: its matters go, contacts must not wait.

    :param codes: of the ``cs.business.type`` rows the app brought
    """
    contacts = env["cs.interaction"].browse()
    for code in codes:
        kind = env["cs.business.type"]._cs_by_code(code)
        matters = env[kind.model].search([("is_open", "=", True)])
        contacts |= matters.interaction_id
        matters.write({"is_open": False})
        env["cs.matter.row"]._cs_drop(kind.model)
    contacts._cs_recheck()
