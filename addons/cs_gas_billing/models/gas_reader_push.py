import logging
import re
from datetime import UTC, datetime, timedelta

import psycopg2.errors

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..photo import decode_photo
from .gas_reading_miss import MISS_REASONS

_logger = logging.getLogger(__name__)

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: Entries in one call, and of one reader in a day.
BATCH = 20
DAY_LIMIT = 3000
#: A phone's clock that is off by more is put right by the server's.
CLOCK_TOLERANCE = timedelta(minutes=2)
#: How long an entry may wait on a phone.
OLDEST = timedelta(days=31)
NOTE_LENGTH = 200
MAX_ID = 2**31 - 1


class GasReaderPush(models.AbstractModel):
    """Takes what readers' phones send, each entry once, in any order and repetition.

    Every entry has a UUID of the phone. Each is booked in a savepoint of its own, and
    the answer says what became of it: ``taken``, ``held``, ``conflict`` (somebody read
    the meter meanwhile), ``refused`` (for good) or ``later`` (send it again).
    """

    _name = "gas.reader.push"
    _description = "Entries of a Reader's Phone"

    @api.model
    def _push(self, items, sent_at, uid):
        """Book entries of the user's phone.

        :param list items: dicts with ``uuid``, ``kind`` (``reading`` or ``miss``),
            ``install``, ``at`` (ISO time of the phone) and ``value`` or ``reason``,
            optionally ``note`` and ``photo`` (base64)
        :param str sent_at: the phone's time of sending
        :param int uid: whose entries the page takes them for
        :return: list of dicts with ``uuid``, ``status``, ``message`` and, of the
            meters concerned, ``lines`` as they are now
        """
        self.env["gas.reader"]._check_role()
        if uid != self.env.uid:
            raise UserError(
                self.env._("Another reader is logged in on this phone now. Refresh.")
            )
        if not isinstance(items, list) or len(items) > BATCH:
            raise UserError(self.env._("At most %s entries are sent at once.", BATCH))
        user = self.env.user
        quota = self.env["gas.mobile.quota"].sudo()
        if not quota._use("push", user, DAY_LIMIT, len(items)):
            raise UserError(self.env._("Too many entries today. Ask the office."))
        now = fields.Datetime.now()
        drift = self._get_drift(sent_at, now)
        results = []
        for item in items:
            result = self._push_one(item, drift, now)
            results.append(result)
        installs = [
            item["install"]
            for item in items
            if isinstance(item, dict) and self._is_id(item.get("install"))
        ]
        return {"results": results, "lines": self._get_lines(installs)}

    def _get_lines(self, install_ids):
        """Return the lines of meters of own books as they are now."""
        company = self.env.company
        books_sudo = (
            self.env["gas.book"]
            .sudo()
            .search([("reader_id", "=", self.env.uid), ("company_id", "=", company.id)])
        )
        by_book = self.env["gas.reader"]._get_lines(company, books_sudo, install_ids)
        return [line for lines in by_book.values() for line in lines]

    # === ONE ENTRY ===#

    def _push_one(self, item, drift, now):
        uuid = item.get("uuid") if isinstance(item, dict) else None
        if not isinstance(uuid, str) or not UUID.fullmatch(uuid):
            message = self.env._("This entry is damaged: it has no number.")
            return {"uuid": uuid or "", "status": "refused", "message": message}
        result = {"uuid": uuid, "message": ""}
        if known := self._find_known(uuid):
            return result | known
        try:
            with self.env.cr.savepoint():
                return result | self._book(uuid, item, drift, now)
        except (AccessError, UserError, ValidationError) as error:
            return result | {"status": "refused", "message": str(error)}
        except psycopg2.errors.UniqueViolation:
            # The same entry or meter is being booked by another request: next time
            # the phone gets its outcome.
            _logger.info("Entry %s of a reader's phone is being booked twice.", uuid)
            return result | {"status": "later"}

    def _find_known(self, uuid):
        """Return what became of an entry that was sent before, or None."""
        reading_sudo = (
            self.env["gas.reading"].sudo().search([("client_uuid", "=", uuid)])
        )
        miss_sudo = (
            self.env["gas.reading.miss"].sudo().search([("client_uuid", "=", uuid)])
        )
        owner = reading_sudo.create_uid or miss_sudo.reader_id
        if not owner:
            return None
        if owner != self.env.user:
            message = self.env._("This entry belongs to another reader.")
            return {"status": "refused", "message": message}
        return {
            "status": "held" if reading_sudo.state == "held" else "taken",
            "message": reading_sudo.findings or "",
        }

    def _book(self, uuid, item, drift, now):
        install_sudo = self._get_install(item.get("install"))
        at, moment = self._get_moment(item.get("at"), drift, now)
        company = install_sudo.company_id
        values = {
            "note": self._get_note(item.get("note")),
            "photo": item.get("photo")
            and decode_photo(self.env, item["photo"], company.gas_photo_max_mb),
            "client_uuid": uuid,
            "device_time": at,
        }
        day = company._cs_to_local(moment).date()
        if item.get("kind") == "miss":
            return self._book_miss(install_sudo, day, item.get("reason"), values)
        return self._book_reading(install_sudo, day, item.get("value"), values)

    def _get_install(self, install_id):
        """Return a meter that is in one of the user's books today, with full rights."""
        install_sudo = self.env["gas.meter.install"].sudo()
        if self._is_id(install_id):
            install_sudo = install_sudo.browse(install_id).exists()
        point_sudo = install_sudo.service_point_id
        account_sudo = point_sudo._get_agreement().account_id if point_sudo else None
        if (
            not account_sudo
            or install_sudo.company_id != self.env.company
            or account_sudo.book_id.reader_id != self.env.user
        ):
            raise UserError(
                self.env._(
                    "This meter is not in your book any more. Tell the office its "
                    "register."
                )
            )
        return install_sudo

    def _is_id(self, value):
        """Whether a value of the phone can be the id of a record."""
        return type(value) is int and 0 < value <= MAX_ID

    def _get_drift(self, sent_at, now):
        """Return by how much the phone's clock is behind, nothing if it is about
        right."""
        sent = self._parse_time(sent_at)
        if sent is None:
            return timedelta()
        drift = now - sent
        return drift if abs(drift) > CLOCK_TOLERANCE else timedelta()

    def _get_moment(self, text, drift, now):
        """Return the phone's time of an entry, and that time put right; UTC."""
        at = self._parse_time(text)
        if at is None:
            raise UserError(self.env._("This entry is damaged: it has no time."))
        try:
            moment = min(at + drift, now)
        except OverflowError:
            moment = now
        if now - moment > OLDEST:
            raise UserError(
                self.env._(
                    "This entry waited too long on the phone: it is of %s.",
                    moment.date(),
                )
            )
        return at, moment

    def _parse_time(self, text):
        if not isinstance(text, str):
            return None
        try:
            time = datetime.fromisoformat(text.replace("Z", "+00:00"))
            if time.tzinfo:
                time = time.astimezone(UTC)
            return time.replace(tzinfo=None, microsecond=0)
        except (ValueError, OverflowError):
            return None

    def _get_note(self, note):
        return note.strip()[:NOTE_LENGTH] if isinstance(note, str) else False

    # === READING ===#

    def _book_reading(self, install_sudo, day, value, values):
        entry_sudo = self.env["gas.mobile.entry"].sudo()
        number = entry_sudo._to_register(value)
        if number is None:
            raise UserError(self.env._("The register is no number."))
        if entry_sudo._find_known(install_sudo, day, number):
            message = self.env._("The same reading is here already.")
            return {"status": "taken", "message": message}
        if conflict := self._find_conflict(install_sudo, day):
            return {"status": "conflict", "message": conflict}
        claims_sudo = entry_sudo._find_claims(install_sudo, day)
        seen = self.env._("Read on site.")
        entry_sudo._settle_claims(
            claims_sudo.filtered(lambda claim: claim.read_date == day), seen
        )
        prepared = entry_sudo._prepare(install_sudo, day, number)
        source = "photo" if values["photo"] else "manual"
        reading_sudo = entry_sudo._take(
            prepared, values | {"source": source, "reader": self.env.user.name}
        )
        held = reading_sudo.state == "held"
        if not held:
            entry_sudo._settle_claims(claims_sudo, seen, reading_sudo)
        return {
            "status": "held" if held else "taken",
            "message": reading_sudo.findings or "",
        }

    def _find_conflict(self, install_sudo, day):
        """Say who read the meter later than ``day``, if anybody did."""
        last = (
            self.env["gas.reading.vee"]
            ._load_last_readings(install_sudo.ids)
            .get(install_sudo.id)
        )
        if not last or last["read_date"] <= day:
            return None
        other_sudo = self.env["gas.reading"].sudo().browse(last["id"])
        return self.env._(
            "%(who)s read %(value)s on %(day)s already. Yours was not taken.",
            who=other_sudo.reader or other_sudo.create_uid.name,
            value=f"{other_sudo.value:g}",
            day=other_sudo.read_date,
        )

    # === NO ACCESS ===#

    def _book_miss(self, install_sudo, day, reason, values):
        if reason not in dict(MISS_REASONS):
            raise UserError(self.env._("Choose why the meter was not read."))
        point_sudo = install_sudo.service_point_id
        account_sudo = point_sudo._get_agreement().account_id
        self.env["gas.reading.miss"].sudo().create(
            {
                **values,
                "company_id": install_sudo.company_id.id,
                "install_id": install_sudo.id,
                "service_point_id": point_sudo.id,
                "account_id": account_sudo.id,
                "book_id": account_sudo.book_id.id,
                "miss_date": day,
                "reason": reason,
                "reader_id": self.env.uid,
            }
        )
        return {"status": "taken"}
