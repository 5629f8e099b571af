from odoo import api, models


class GasReader(models.AbstractModel):
    """The words of the reader's page, which has no translations of its own."""

    _inherit = "gas.reader"

    @api.model
    def _get_texts(self):
        """Return what the page says, in the reader's language."""
        return {
            "title": self.env._("Meter Reading"),
            "search": self.env._("Room, meter, name"),
            "all": self.env._("All"),
            "open": self.env._("To read"),
            "missed": self.env._("No access"),
            "unsent": self.env._("Not sent"),
            "attention": self.env._("Look at these"),
            "progress": self.env._("%(done)s/%(total)s read"),
            "offline": self.env._("No connection"),
            "queued": self.env._("%s to send"),
            "synced": self.env._("✓ Sent"),
            "sending": self.env._("Sending…"),
            "login": self.env._("Log in again to send"),
            "empty": self.env._("No book is yours. Ask the office to give you one."),
            "nothing": self.env._("Nothing found."),
            "done": self.env._("All meters of this book are visited."),
            "back": self.env._("List"),
            "meter": self.env._("Meter"),
            "seal": self.env._("Seal"),
            "last": self.env._("Last"),
            "note": self.env._("Note"),
            "register": self.env._("Register"),
            "usage": self.env._("%s m³ used"),
            "ratio": self.env._("%s × the usual"),
            "photo": self.env._("Photo"),
            "photo_again": self.env._("Photo again"),
            "no_access": self.env._("No access"),
            "why": self.env._("Why was it not read?"),
            "save": self.env._("Save, next meter"),
            "save_anyway": self.env._("The number is right: save"),
            "cancel": self.env._("Back"),
            "saved": self.env._("Saved"),
            "next": self.env._("Next meter"),
            "change": self.env._("Change"),
            "dismiss": self.env._("I have seen it"),
            "state_open": self.env._("To read"),
            "state_queued": self.env._("To send"),
            "state_sending": self.env._("Sending…"),
            "state_taken": self.env._("Sent"),
            "state_held": self.env._("Sent, office checks"),
            "state_conflict": self.env._("Read by somebody else"),
            "state_refused": self.env._("Not taken"),
            "state_miss": self.env._("No access"),
            "stopped": self.env._("Gas stopped"),
            "customer_says": self.env._("The customer sent %(value)s on %(date)s"),
            "bad_number": self.env._("Digits only"),
            "too_many": self.env._("The register has %s digits"),
            "too_many_decimals": self.env._("The register has no such decimals"),
            "below": self.env._("Less than last time: %s"),
            "rolled": self.env._("Register rolled over"),
            "high": self.env._("Much more than usual. Look again."),
            "capacity": self.env._("More than the meter can pass. Look again."),
            "low": self.env._("Much less than usual"),
            "zero": self.env._("No gas used"),
            "photo_failed": self.env._("The photo can't be read. Take it again."),
            "storage": self.env._(
                "This phone keeps nothing: stay connected while you read."
            ),
            "other_user": self.env._(
                "%s entries of another reader wait for his login."
            ),
            "refresh": self.env._("Refresh"),
            "meter_of": self.env._("%(number)s of %(total)s"),
            "yours": self.env._("Your value: %s"),
        }
