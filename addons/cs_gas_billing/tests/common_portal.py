import io

from PIL import Image

from odoo import http
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from odoo.addons.cs_base.tests.common import RpcCase

from .common import GasCommon


def make_photo(size=(640, 480), kind="JPEG"):
    """Return the bytes of a picture, with a place written into it."""
    picture = Image.new("RGB", size, (120, 160, 90))
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "home of the customer"
    picture.save(buffer, kind, exif=exif)
    return buffer.getvalue()


class PortalCommon(GasCommon, RpcCase):
    """Two customers with a bill each, and a stranger without an account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["gas.latefee.policy"].search([]).rate = 0
        cls.accounts = cls.make_accounts(2)
        cls.first, cls.second = cls.accounts
        cls.read_meters({1: 1045, 2: 1030})
        cls.bill()
        cls.customer = cls.make_customer("gas_customer", cls.first.partner_id)
        cls.neighbour = cls.make_customer("gas_neighbour", cls.second.partner_id)
        cls.stranger = new_test_user(
            cls.env, login="gas_stranger", groups="base.group_portal"
        )
        cls.users |= {"customer": cls.customer, "stranger": cls.stranger}

    @classmethod
    def make_customer(cls, login, partner):
        return new_test_user(
            cls.env,
            login=login,
            name=partner.name,
            groups="base.group_portal",
            partner_id=partner.id,
            company_id=cls.company.id,
        )

    def get(self, login, url, **options):
        self.log_in(login)
        with mute_logger("odoo.http"):
            return self.url_open(url, **options)

    def send_reading(self, login, account, value, photo=None, token=None):
        """Post the form of an own reading; return the response."""
        self.log_in(login)
        files = {}
        if photo is not None:
            files["photo"] = ("register.jpg", photo, "image/jpeg")
        token = http.Request.csrf_token(self) if token is None else token
        with mute_logger("odoo.http"):
            return self.url_open(
                f"/my/gas/{account.id}/reading",
                data={"csrf_token": token, "value": value},
                files=files or {"photo": ("", b"", "application/octet-stream")},
            )

    def count_queries(self, work):
        """Return how many queries ``work`` takes with nothing cached."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        return self.env.cr.sql_log_count - before
