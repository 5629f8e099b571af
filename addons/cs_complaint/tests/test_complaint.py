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

    def test_columns_of_the_board(self):
        """In the order of the course, whatever there is; closed ones when shown."""
        self._complaint()
        cases = self.env["cs.complaint"].with_context(read_group_expand=True)
        columns = cases.web_read_group([], ["state"])["groups"]
        shown = [row["state"] for row in columns]
        course = ["new", "accepted", "investigating", "deciding", "answering"]
        self.assertEqual(shown[:5], course)
