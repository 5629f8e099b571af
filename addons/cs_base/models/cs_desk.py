from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

RUNNING = ("running", "late")
#: Rows shown on the desk itself; the rest is behind the tile.
ROWS = 8


class CsDesk(models.AbstractModel):
    """Everybody's desk: what waits for him, what is due, what is late.

    Everything is asked as the user, so nothing is counted that he may not read.
    """

    _name = "cs.desk"
    _description = "My Desk"

    # === DESK === #

    @api.model
    def get(self):
        """The desk of the user, and of his team if he leads one.

        :return: ``{name, mine, team, rows, offers}``; a tile is ``{key, count, late,
            today}``
        """
        self._cs_check_user()
        team = self._cs_team_scope()
        return {
            "name": self.env.user.name,
            "mine": self._cs_my_tiles(),
            "team": [] if team is None else self._cs_team_tiles(team),
            "members": [] if team is None else self._cs_members(team),
            "rows": self._cs_rows(),
            "offers": self._cs_offers(),
        }

    @api.model
    def _cs_check_user(self):
        if not self.env.user.has_group("cs_base.group_user"):
            raise AccessError(
                self.env._("My Desk is for members of the customer service staff.")
            )

    @api.model
    def _cs_my_tiles(self):
        counted = self._cs_count_matters(self._cs_domain("mine"))
        visits = self._cs_count_due("cs.followup", self._cs_domain("visits"))
        return [
            {
                "key": "waiting",
                "count": self._cs_count_matters(self._cs_domain("waiting"))["all"],
            },
            {"key": "late", "count": counted["late"], "late": counted["late"]},
            {"key": "today", "count": counted["today"], "today": counted["today"]},
            {
                "key": "contacts",
                "count": self._cs_count("cs.interaction", "contacts"),
            },
            {"key": "visits", **visits},
            {"key": "slips", "count": self._cs_count("cs.info.slip", "slips")},
            {"key": "approvals", "count": self._cs_count("cs.approval", "approvals")},
        ]

    @api.model
    def _cs_team_tiles(self, team):
        counted = self._cs_count_matters(self._cs_domain("team_open", team))
        away = self._cs_away(team)
        return [
            {
                "key": "team_open",
                "count": counted["all"],
                "today": counted["today"],
            },
            {"key": "team_late", "count": counted["late"], "late": counted["late"]},
            {
                "key": "unassigned",
                "count": self._cs_count_matters(self._cs_domain("unassigned", team))[
                    "all"
                ],
            },
            {
                "key": "unclaimed",
                "count": self._cs_count("cs.interaction", "unclaimed", team),
            },
            {
                "key": "away_contacts",
                "count": self._cs_count("cs.interaction", "away_contacts", team, away),
            },
            {
                "key": "away_matters",
                "count": self._cs_count_matters(
                    self._cs_domain("away_matters", team, away)
                )["all"],
            },
        ]

    @api.model
    def _cs_members(self, team):
        """Overdue matters of the team by handler, the most first."""
        groups = self.env["cs.matter.index"]._read_group(
            self._cs_domain("team_late", team),
            ["handler_id"],
            ["__count"],
            order="__count DESC, handler_id",
            limit=ROWS,
        )
        return [
            {"id": user.id, "name": user.name or self.env._("Nobody"), "count": count}
            for user, count in groups
        ]

    @api.model
    def _cs_rows(self):
        """The user's matters with a deadline, what is late on top."""
        domain = self._cs_domain("mine") & Domain("clock_state", "in", RUNNING)
        rows = self.env["cs.matter.index"].search(domain, order="due_at", limit=ROWS)
        as_text = fields.Datetime.to_string
        return [
            {
                "id": row.id,
                "type": row.business_type_id.name,
                "icon": row.business_type_id.icon,
                "title": row.title,
                "state": row.state_text,
                "handler": row.handler_id.name or "",
                "mine": row.handler_id == self.env.user,
                "due_at": as_text(row.due_at) if row.due_at else False,
                "clock_state": row.clock_state,
            }
            for row in rows
        ]

    # === WHAT COUNTS === #

    @api.model
    def _cs_domain(self, key, team=None, away=None):
        """Domain of the rows behind a tile.

        :param team: domain of what the user leads
        :param away: users of his who are away for long
        """
        user = self.env.uid
        is_open = Domain("is_open", "=", True)
        open_state = Domain("state", "=", "open")
        involved = Domain("handler_id", "=", user) | Domain("first_owner_id", "=", user)
        team = Domain.FALSE if team is None else team
        away = away.ids if away else []
        # The end of a day is the company's, not the browser's.
        now = fields.Datetime.now()
        company = self.env.company
        tomorrow = company._cs_day_bounds(company._cs_today())[1]
        late = Domain("clock_state", "in", RUNNING) & Domain("due_at", "<", now)
        today = (
            Domain("clock_state", "in", RUNNING)
            & Domain("due_at", ">=", now)
            & Domain("due_at", "<", tomorrow)
        )
        return {
            "mine": lambda: is_open & involved,
            "waiting": lambda: is_open & Domain("handler_id", "=", user),
            "late": lambda: is_open & involved & late,
            "today": lambda: is_open & involved & today,
            "contacts": lambda: open_state & Domain("first_owner_id", "=", user),
            "visits": lambda: open_state & Domain("user_id", "=", user),
            "slips": lambda: (
                is_open
                & Domain("is_receiver", "=", True)
                & Domain("handler_id", "=", 0)
            ),
            "approvals": lambda: Domain("waiting_for_me", "=", True),
            "team_open": lambda: is_open & team,
            "team_late": lambda: is_open & team & late,
            "unassigned": lambda: is_open & team & Domain("handler_id", "=", False),
            "unclaimed": lambda: Domain("state", "=", "unclaimed") & team,
            "away_contacts": lambda: (
                open_state & team & Domain("first_owner_id", "in", away)
            ),
            "away_matters": lambda: is_open & team & Domain("handler_id", "in", away),
        }[key]()

    @api.model
    def _cs_count_matters(self, domain):
        """Matters of a domain: ``{all, today, late}``, in one query."""
        return self._cs_count_by_due("cs.matter.index", domain)

    @api.model
    def _cs_count_due(self, model, domain):
        counted = self._cs_count_by_due(model, domain)
        return {
            "count": counted["all"],
            "late": counted["late"],
            "today": counted["today"],
        }

    @api.model
    def _cs_count_by_due(self, model, domain):
        rows = self.env[model]
        query = rows._search(domain)
        due = rows._field_to_sql(query.table, "due_at", query)
        running = SQL("TRUE")
        if "clock_state" in rows._fields:
            clock = rows._field_to_sql(query.table, "clock_state", query)
            running = SQL("%s IN %s", clock, RUNNING)
        now = fields.Datetime.now()
        company = self.env.company
        tomorrow = company._cs_day_bounds(company._cs_today())[1]
        [counts] = self.env.execute_query(
            query.select(
                SQL("COUNT(*)"),
                SQL(
                    "COUNT(*) FILTER (WHERE %s AND %s >= %s AND %s < %s)",
                    running,
                    due,
                    now,
                    due,
                    tomorrow,
                ),
                SQL("COUNT(*) FILTER (WHERE %s AND %s < %s)", running, due, now),
            )
        )
        return dict(zip(("all", "today", "late"), counts, strict=True))

    @api.model
    def _cs_count(self, model, key, team=None, away=None):
        if not self.env[model].has_access("read"):
            return 0
        return self.env[model].search_count(self._cs_domain(key, team, away))

    # === TEAM === #

    @api.model
    def _cs_team_scope(self):
        """Domain of what the user leads: his teams, or all if he leads everybody.

        :return: None if he leads nobody
        """
        user = self.env.user
        teams = user._cs_led_teams()
        if user.has_group("cs_base.group_manager") or (
            not teams and user.has_group("cs_base.group_lead")
        ):
            return Domain("company_id", "in", self.env.companies.ids)
        return Domain("team_id", "in", teams.ids) if teams else None

    @api.model
    def _cs_away(self, team):
        """Who has open work in the scope and is archived or away for long."""
        users = self.env["res.users"]
        for model, domain, field in (
            ("cs.interaction", [("state", "=", "open")], "first_owner_id"),
            ("cs.matter.index", [("is_open", "=", True)], "handler_id"),
        ):
            groups = self.env[model]._read_group(Domain(domain) & team, [field])
            users |= users.union(*(user for [user] in groups))
        return users._cs_long_absent()

    # === ROWS BEHIND === #

    @api.model
    def open_rows(self, key, member_id=None):
        """Action that shows the rows behind a tile.

        :param key: of the tile
        :param member_id: handler whose overdue matters are shown; 0 for those of nobody
        """
        self._cs_check_user()
        team = self._cs_team_scope()
        if key not in self._cs_titles():
            raise UserError(self.env._("There is no such list."))
        away = self._cs_away(team) if team and key.startswith("away") else None
        domain = self._cs_domain(key, team, away)
        if member_id is not None:
            domain &= Domain("handler_id", "=", int(member_id) or False)
        action = self.env["ir.actions.act_window"]._for_xml_id(self._cs_target(key))
        return {
            **action,
            "name": self._cs_titles()[key],
            "display_name": self._cs_titles()[key],
            "path": False,
            "domain": list(domain),
            "context": {"search_default_group_handler": key == "team_open"},
        }

    @api.model
    def _cs_titles(self):
        """Keys of the tiles and what they are called."""
        return {
            "waiting": self.env._("For Me to Do"),
            "late": self.env._("Overdue"),
            "today": self.env._("Due Today"),
            "contacts": self.env._("My Open Contacts"),
            "visits": self.env._("Visits and Callbacks"),
            "slips": self.env._("Slips to Me"),
            "approvals": self.env._("To Approve"),
            "team_open": self.env._("The Team's Open Work"),
            "team_late": self.env._("The Team's Overdue Work"),
            "unassigned": self.env._("Without a Handler"),
            "unclaimed": self.env._("Unclaimed Contacts"),
            "away_contacts": self.env._("Contacts of Absent People"),
            "away_matters": self.env._("Work of Absent People"),
        }

    @api.model
    def _cs_target(self, key):
        if key in ("contacts", "unclaimed", "away_contacts"):
            return "cs_base.cs_interaction_action"
        return {
            "visits": "cs_base.cs_followup_action",
            "slips": "cs_base.cs_info_slip_action",
            "approvals": "cs_base.cs_approval_action",
        }.get(key, "cs_base.cs_matter_index_action")

    # === SEARCH === #

    @api.model
    def search_all(self, term):
        """Matters and contacts by number, contacts by topic, customers by name.

        :return: list of ``{model, id, kind, label}``, at most a few of each
        """
        self._cs_check_user()
        term = (term or "").strip()
        if len(term) < 2:
            return []
        found = [
            {
                "model": row.res_model,
                "id": row.res_id,
                "kind": row.business_type_id.name,
                "label": row.title or row.name,
            }
            for row in self.env["cs.matter.index"].search(
                Domain("name", "ilike", term), order="id desc", limit=ROWS
            )
        ]
        contacts = self.env["cs.interaction"].search(
            Domain("name", "ilike", term) | Domain("topic", "ilike", term), limit=ROWS
        )
        found += [
            {
                "model": contact._name,
                "id": contact.id,
                "kind": self.env._("Contact"),
                "label": " · ".join(filter(None, (contact.name, contact.topic))),
            }
            for contact in contacts
        ]
        partners = self.env["res.partner"].search(
            Domain("cs_search", "=", term), limit=ROWS
        )
        return found + [
            {
                "model": partner._name,
                "id": partner.id,
                "kind": self.env._("Customer"),
                "label": partner.display_name,
            }
            for partner in partners
        ]
