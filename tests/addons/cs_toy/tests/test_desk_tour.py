from odoo.tests import HttpCase, tagged

from .common import ToyCommon


@tagged("post_install", "-at_install")
class TestDeskTour(ToyCommon, HttpCase):
    """A clerk in a browser takes over what a colleague offers him."""

    def test_take_over(self):
        contact = self._contact(topic="Broken valve")
        wizard = (
            self.env["cs.handover.wizard"]
            .with_user(self.clerk)
            .create({"user_id": self.clerk.id})
        )
        wizard.line_ids.to_id = self.second
        wizard.action_offer()
        self.start_tour("/odoo", "cs_desk_offer", login=self.second.login)
        self.assertEqual(contact.first_owner_id, self.second)
