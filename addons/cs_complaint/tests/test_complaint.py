import re

from odoo.tests import tagged

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestComplaint(ComplaintCommon):
    def test_number(self):
        """Two digits each of year and month, four of the month's serial."""
        case = self._complaint()
        self.assertRegex(case.name, re.compile(r"^\d{8}$"))
        self.assertTrue(case.interaction_id)
