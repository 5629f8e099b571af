from odoo.tests import freeze_time, tagged

from ..tools.hallterm import address_patterns, read_term
from .test_hall import EARLY, HallCommon


@tagged("post_install", "-at_install", "gas_hall")
class TestHallSearch(HallCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time("2026-10-26 02:00:00"):
            cls.special = cls.make_accounts(
                first=70,
                户名="欧阳建国",
                小区="阳光花园",
                楼幢="3幢",
                单元="2单元",
                房号="501室",
            )
            cls.make_accounts(first=71, 户名="欧阳", 小区="阳光花园", 房号="101室")

    def find(self, term):
        hits = self.hall().search_accounts(term)
        return [(hit["code"], hit["hit"]) for hit in hits]

    @freeze_time(EARLY)
    def test_meanings(self):
        only = [("T000070", "name")]
        for term in ("欧阳建国", "ＯＹＪＧ", "oyjg", "建国", "阳建"):
            self.assertEqual(self.find(term), only, term)
        for term in (
            "阳光花园3-2-501",
            "阳光花园3幢2单元501室",
            "阳光花园3号楼2单元501",
            "阳光 501",
            "花园3幢2",
        ):
            self.assertEqual(self.find(term), [("T000070", "address")], term)
        for term in ("欧阳建国 阳光", "阳光 欧阳建"):
            self.assertEqual(self.find(term), only, term)
        for term in ("T000070", "t000070", "Ｔ０００070", " T000070 "):
            self.assertEqual(self.find(term), [("T000070", "account")], term)
        self.assertEqual(self.find("TM000070"), [("T000070", "meter")])
        for term in ("13800000070", "0070", "138-0000-0070"):
            self.assertEqual(self.find(term), [("T000070", "phone")], term)
        self.assertEqual(self.find("欧阳"), [("T000071", "name"), ("T000070", "name")])
        self.assertEqual(len(self.find("T0000")), 5)
        for term in ("", "  ", "%", "_", "\\", "'; --", "070", "GASBILL:"):
            self.assertEqual(self.find(term), [], term)

    @freeze_time(EARLY)
    def test_bill(self):
        bill = self.account.bill_ids
        for term in (bill.name, bill._get_qr_text(), f"gasbill: {bill.name}"):
            (hit,) = self.hall().search_accounts(term)
            self.assertEqual((hit["hit"], hit["bill_id"]), ("bill", bill.id))
            self.assertEqual(hit["code"], self.account.code)

    @freeze_time(EARLY)
    def test_what_is_shown(self):
        (hit,) = self.hall().search_accounts("T000001")
        self.assertEqual(hit["phone"], "138****0001")
        self.assertEqual(hit["meter"], "TM000001")
        self.assertEqual(hit["due"], 120.15)

    @freeze_time(EARLY)
    def test_limit_and_queries(self):
        self.assertEqual(len(self.hall().search_accounts("T0000", 2)), 2)
        counts = []
        for term in ("T000001", "T0000"):
            self.hall().search_accounts(term)
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.hall().search_accounts(term)
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(max(counts), 30)

    def test_terms(self):
        self.assertEqual(read_term("ＧＡＳＢＩＬＬ：26").bill, "26")
        self.assertEqual(read_term("a\0b  c").text, "ab c")
        self.assertTrue(read_term("0571-8888").is_number)
        self.assertFalse(read_term("3幢").is_number)
        self.assertEqual(address_patterns("10%"), ["%10\\%%"])
        self.assertEqual(address_patterns("苑3-2"), ["%苑3-2%", "%苑3%2%"])
