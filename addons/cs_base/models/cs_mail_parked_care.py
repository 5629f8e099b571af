import datetime

from odoo import api, fields, models

#: Rows deleted at a time.
BATCH = 1000
NOTICE = "mail.parked"


class CsMailParkedCare(models.Model):
    """Nobody forgets a mail that waits, and what was dealt with isn't kept for ever."""

    _inherit = "cs.mail.parked"

    _done_idx = models.Index("(company_id, done_at) WHERE state != 'todo'")

    # === NOTICE === #

    @api.model
    def _cron_tell(self):
        """Tell leads that mails wait; again only when newer ones have come.

        Mails of masked matters are told to those who know masked persons.
        """
        groups = self.sudo()._read_group(
            [("state", "=", "todo")],
            ["company_id", "masked"],
            ["id:max", "__count", "received_at:min"],
        )
        for company, masked, newest, count, oldest in groups:
            self.env["cs.notify"]._cs_notify(
                NOTICE,
                self.browse(newest),
                users=self._cs_told(company, masked),
                values={"count": count, "date": oldest},
                key=f"parked,{newest}",
            )

    @api.model
    def _cs_told(self, company, masked):
        """The leads of today, or who knows masked persons; without teams all leads."""
        if not masked:
            teams = self.env["cs.team"].sudo().search([("company_id", "=", company.id)])
            leads = self.env["res.users"].union(*teams._cs_leads().values())
            leads = leads.filtered(lambda user: user.has_group("cs_base.group_lead"))
            if leads:
                return leads
        group = self.env.ref(f"cs_base.group_{'masked' if masked else 'lead'}")
        return group.sudo().all_user_ids.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )

    def _cs_notify_values(self):
        """The document's name in notices: no subject, as strangers write it."""
        return {mail.id: {"number": mail.company_id.name} for mail in self.sudo()}

    # === END === #

    @api.autovacuum
    def _gc_mails(self):
        """Delete filed and discarded mails, with their source, after the days set.

        :return: how many went, and whether there are more
        """
        done = 0
        companies = self.env["res.company"].sudo()
        for company in companies.search([("cs_mail_keep_days", ">", 0)]):
            done += self._cs_delete_before(company, BATCH - done)
        return done, int(done >= BATCH)

    @api.model
    def _cs_delete_before(self, company, limit):
        days = datetime.timedelta(days=company.cs_mail_keep_days)
        mails = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("state", "!=", "todo"),
                ("done_at", "<", fields.Datetime.now() - days),
            ],
            order="id",
            limit=limit,
        )
        if mails:
            self.env["cs.event"]._cs_log("mail.purged", mails)
            mails._drop()
        return len(mails)
