import base64
import contextlib
import datetime
import json
import logging
import re
from unittest.mock import patch

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import file_open

from .cs_complaint_demo_people import LANGUAGE

_logger = logging.getLogger(__name__)

FOLDER = "cs_complaint/demo"
#: One stroke: what a signature looks like.
SIGNATURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAA"
    "AABJRU5ErkJggg=="
)
SCAN = base64.b64encode(b"%PDF-1.4 sealed certificate").decode()
QUESTION = "请查明经过、原因和责任人，提出改善对策。"
#: Copies of cases closed since are still unread by some.
UNREAD_DAYS = 45
#: Who finds out for which head of a department.
DOERS = {"engineering": "fitter", "safety": "inspector"}


class CsComplaintDemo(models.AbstractModel):
    """Forty cases of six months, each made by its people on its days.

    The same buttons that a user presses, each as the role that presses it; the clock
    is put back to the day. Loaded once, where there is a chart of accounts.
    """

    _name = "cs.complaint.demo"
    _inherit = ["cs.complaint.demo.people"]
    _description = "Complaints Demo Data"

    @api.model
    def _load(self):
        company = self.env.company
        if self.env["cs.complaint"].search_count([("company_id", "=", company.id)]):
            _logger.info("%s has complaints: demo data is left out.", company.name)
            return
        if not company.chart_template:
            _logger.info("%s has no chart of accounts: no demo.", company.name)
            return
        if LANGUAGE in dict(self.env["res.lang"].get_installed()):
            self = self.with_context(lang=LANGUAGE)  # noqa: PLW0642
        users = self._users()
        departments = self._departments()
        team = self.env.ref("cs_base.team_hall_demo")
        homes = self._customers(users["agent2"])
        company._cs_setup_complaint_money()
        company.write(
            {
                "cs_complaint_deputy_id": users["deputy"].id,
                "cs_complaint_head_id": users["chief"].id,
                "cs_complaint_spokesperson_id": users["spokesperson"].id,
            }
        )
        self._look_through(users["leader"])
        place = {"users": users, "departments": departments, "team": team}
        with file_open(f"{FOLDER}/cases.json") as file:
            rows = json.load(file)
        for index, row in enumerate(rows):
            home = homes[index % len(homes)]
            intake = users["agent" if index % 3 else "agent2"]
            self._play(row, {**place, "home": home, "homes": homes, "intake": intake})

    @api.model
    def _look_through(self, supervisor):
        """The register of complaints, which the hall's lead looks through."""
        kind = self.env["cs.business.type"]._cs_by_code("complaint")
        self.env["cs.register"].create(
            {
                "name": "投诉登记簿",
                "business_type_id": kind.id,
                "company_id": self.env.company.id,
                "user_id": supervisor.id,
            }
        )

    # === CLOCK === #

    @api.model
    def _moment(self, days, hour=9, minutes=0):
        """Naive UTC of an hour on the working day so many days ago; never to come."""
        company = self.env.company
        day = company._cs_today() - datetime.timedelta(days=days)
        while not company._cs_is_workday(day):
            day -= datetime.timedelta(days=1)
        local = datetime.datetime.combine(day, datetime.time(hour, minutes))
        moment = company._cs_to_utc(local)
        return min(moment, fields.Datetime.now() - datetime.timedelta(minutes=5))

    @contextlib.contextmanager
    def _at(self, moment):
        """Act at a moment that is over."""
        company = self.env.company
        with (
            patch.object(fields.Datetime, "now", staticmethod(lambda *_a: moment)),
            patch.object(
                fields.Date, "today", staticmethod(lambda *_a: company._cs_date(moment))
            ),
        ):
            yield

    # === A CASE === #

    @api.model
    def _play(self, row, place):
        """Take one case as far as its row says."""
        begun = self._moment(row["day"], 9, row["day"] * 7 % 60)
        hour = datetime.timedelta(hours=1)
        with self._at(begun):
            case = self._take(row, place, begun)
            self._callers(case, row, place)
        if row["end"] == "new":
            return
        with self._at(self._after(begun, hour)):
            self._do(case, "action_accept")
        if row["end"] == "accepted":
            return
        if row["end"] == "withdrawn":
            with self._at(self._after(begun, 2 * hour)):
                self._do(case, "action_withdraw", "客户来电说明是自己看错账单。")
            return
        if row.get("departments"):
            with self._at(self._after(begun, 2 * hour)):
                self._send(case, row, place)
            if row["end"] in ("investigating", "late"):
                return
            self._report(case, begun, place, partly=row["end"] == "reported")
            if row["end"] == "reported":
                return
        self._decide(case, row, place, begun)

    @api.model
    def _after(self, moment, delta):
        return min(moment + delta, fields.Datetime.now())

    @api.model
    def _day_after(self, moment, days):
        day = self.env.company._cs_date(moment)
        return day + datetime.timedelta(days=days)

    @api.model
    def _do(self, case, method, *args, user=None, **kwargs):
        """Press a button of the case as who works on it."""
        user = user or case.sudo().handler_id
        mine = case.with_user(user).sudo(False)
        return getattr(mine, method)(*args, **kwargs)

    @api.model
    def _take(self, row, place, moment):
        partner, premises = place["home"]
        vals = {
            "subject": row["subject"],
            "content": f"{row['subject']}。客户希望尽快得到答复。",
            "kind": row.get("kind", "complaint"),
            "channel": row["channel"],
            "received_at": moment,
            "wish": row.get("wish", "explanation"),
            "quality_class": row.get("class", "service"),
            "external_ref": row.get("external_ref"),
            "severity": row.get("severity", "general"),
            "severity_evidence": row.get("evidence"),
            "team_id": place["team"].id,
            "handler_id": place["intake"].id,
        }
        if "cause" in row:
            vals["cause_id"] = self.env.ref(f"cs_complaint.cause_{row['cause']}").id
        if row.get("anonymous"):
            vals["anonymous"] = True
        else:
            vals |= {
                "premises_id": premises.id,
                "complainant_partner_id": partner.id,
                "complainant_phone": partner.phone,
            }
        cases = self.env["cs.complaint"].with_user(place["intake"]).sudo(False)
        return cases.create(vals).sudo()

    @api.model
    def _callers(self, case, row, place):
        """More people call about the same."""
        others = [home for home in place["homes"] if home != place["home"]]
        for partner, premises in others[: row.get("event", 0)]:
            self._do(
                case,
                "_cs_add_caller",
                {
                    "complainant_partner_id": partner.id,
                    "complainant_phone": partner.phone,
                    "premises_id": premises.id,
                    "channel": "phone",
                    "received_at": fields.Datetime.now(),
                },
            )

    @api.model
    def _send(self, case, row, place):
        departments = [place["departments"][name].id for name in row["departments"]]
        brief = f"{row['subject']}（客户资料由客服保管）。"
        self._do(case, "action_investigate", departments, QUESTION, brief)

    @api.model
    def _report(self, case, begun, place, *, partly):
        """The departments find out, report and sign, the next day."""
        moment = self._after(begun, datetime.timedelta(days=1, hours=3))
        tasks = case.task_ids
        for number, task in enumerate(tasks):
            if partly and number == len(tasks) - 1:
                head = task.department_id.manager_id.user_id
                with self._at(moment):
                    task.with_user(head).sudo(False).action_accept()
                return
            head = task.department_id.manager_id.user_id
            doer = place["users"].get(DOERS.get(head.login)) or head
            with self._at(moment):
                if doer != head:
                    task.with_user(head).sudo(False).action_give(doer.id)
                mine = task.with_user(doer).sudo(False)
                mine.action_accept()
                mine.write(
                    {
                        "cause": "现场核实：情况属实，经办环节未按规程执行。",
                        "countermeasure": "班前会通报，修订作业卡并抽查一个月。",
                        "tracked": number == 0,
                        "measure_owner_id": doer.id,
                        "measure_due": self._day_after(moment, 14),
                        "signature": SIGNATURE,
                    }
                )
                mine.action_report()
                signs = task.with_user(head).sudo(False)
                signs.head_signature = SIGNATURE
                signs.action_sign()

    @api.model
    def _decide(self, case, row, place, begun):
        users = place["users"]
        boss = users["chief"]
        moment = self._after(begun, datetime.timedelta(days=1, hours=5))
        with self._at(moment):
            self._do(case, "action_to_decide")
            if case.kind == "suggestion":
                self._suggest(case, row, place)
            else:
                reason = "查明经过后判定。"
                self._do(case, "action_judge", row["judgement"], reason)
                if row["judgement"] != "unsubstantiated":
                    self._attribute(case, row, place, boss)
                if row.get("settle"):
                    self._settle(case, row, place)
            if row["end"] == "approval":
                return
            if row["end"] == "consent":
                self._do(case, "action_record_consent", "agreed", "phone", at=moment)
            opinion = "经调查核实并综合各部门意见，按批准的方案处理。"
            self._do(case, "action_decide", opinion, user=self._decider(case, users))
        if row["end"] == "certificate":
            return
        executed = self._after(begun, datetime.timedelta(days=2))
        self._execute(case, executed, users)
        if row.get("reward"):
            with self._at(executed):
                self._reward(case, users)
        self._answer(case, row, place, begun)

    @api.model
    def _decider(self, case, users):
        return case.handler_id or users["leader"]

    @api.model
    def _attribute(self, case, row, place, boss):
        names = row["departments"]
        shares = [100] if len(names) == 1 else [70, 30]
        lead = place["users"]["leader"]
        if case.masked:
            lead = boss
        case.with_user(lead).sudo(False).write(
            {
                "attribution_ids": [
                    Command.create(
                        {
                            "department_id": place["departments"][name].id,
                            "percent": share,
                        }
                    )
                    for name, share in zip(names, shares, strict=True)
                ]
            }
        )
        self._do(case, "action_decide_attribution", "依据调查报告。", user=boss)

    @api.model
    def _settle(self, case, row, place):
        users = place["users"]
        proposer = case.handler_id
        settlement = (
            self.env["cs.complaint.settlement"]
            .with_user(proposer)
            .sudo(False)
            .create(
                {
                    "complaint_id": case.id,
                    "reason": "与客户协商一致，金额合理。",
                    "line_ids": [
                        Command.create(
                            {"kind": kind, "amount": amount, "note": "详见调查报告"}
                        )
                        for kind, amount in row["settle"]
                    ],
                }
            )
        )
        picker = users["chief"] if case.masked else users["deputy"]
        settlement.with_user(picker).sudo(False).action_choose()
        if row["end"] == "approval":
            return
        for login in ("leader", "discipline", "spokesperson", "chief"):
            user = users[login]
            if settlement.sudo().state == "chosen" and user not in (picker, proposer):
                with contextlib.suppress(AccessError, UserError):
                    settlement.with_user(user).sudo(False).action_approve()
        self.env.flush_all()

    @api.model
    def _suggest(self, case, row, place):
        """A suggestion is adopted, with who does what until when, or it isn't."""
        adopted = row["end"] == "adopted"
        measure = {
            "measure": "由营业部落实，完成后拍照张榜。",
            "handler_id": place["users"]["sales"].id,
            "due_on": self._day_after(fields.Datetime.now(), 20),
        }
        self._do(
            case,
            "action_adopt",
            "adopted" if adopted else "rejected",
            "便民措施，费用不大。" if adopted else "消防通道不能占用。",
            **(measure if adopted else {}),
        )
        if adopted:
            self._do(case, "action_post")

    @api.model
    def _execute(self, case, moment, users):
        """Certificates come back, documents are booked, repairs are done."""
        for line in case.settlement_ids.line_ids.filtered(
            lambda one: one.settlement_id.state == "approved"
        ):
            with self._at(moment):
                if line.kind == "allowance":
                    line.with_user(users["leader"]).sudo(False).action_certificate_back(
                        self.env.company._cs_date(moment), "销货折让证明单.pdf", SCAN
                    )
                elif line.kind in ("compensation", "refund"):
                    line.with_user(users["leader"]).sudo(False).action_book()
                elif line.action_id:
                    self._finish(line.action_id)

    @api.model
    def _reward(self, case, users):
        """Ask for the reward, approve it, and pay it against the code."""
        self._do(case, "action_reward", user=users["discipline"])
        line = case.settlement_ids.line_ids.filtered(lambda one: one.kind == "reward")
        line.settlement_id.with_user(users["chief"]).sudo(False).action_approve()
        owner = case.interaction_id.first_owner_id
        told = self._do(case, "action_reward_code", user=owner)
        code = re.search(r"\d{6}", told["params"]["message"])[0]
        line.with_user(self.env.ref("base.user_admin")).sudo(False).action_pay_reward(
            code
        )

    @api.model
    def _finish(self, action):
        action.with_user(action.handler_id).sudo(False).action_done("已处理完毕。")

    @api.model
    def _answer(self, case, row, place, begun):
        moment = self._after(begun, datetime.timedelta(days=2, hours=4))
        speaker = case.handler_id
        with self._at(moment):
            text = case.with_context(lang=LANGUAGE)._cs_answer_text()
            self._do(case, "action_tell", "phone", text, user=speaker)
        if row["end"] == "told":
            return
        with self._at(moment + datetime.timedelta(hours=1)):
            if row["end"] == "refused":
                self._do(case, "action_refuse", "客户认为补偿太少。", user=speaker)
                self._next_round(case, row, place)
                return
            if case._cs_needs_reply():
                name = "" if case.masked else place["home"][0].name
                self._do(
                    case, "action_customer_accepts", "phone", name=name, user=speaker
                )
            self._do(case, "action_close", user=speaker)
        if row["day"] > UNREAD_DAYS:
            self._read_copies(case, self._after(moment, datetime.timedelta(days=1)))
        self._visit(case, row, moment)

    @api.model
    def _next_round(self, case, row, place):
        """The customer refused: the next round offers more, and he is content."""
        fresh = self.env["cs.complaint"].search([("previous_id", "=", case.id)])
        self._do(fresh, "action_accept")
        again = {
            **row,
            "settle": [["apology", 0], ["allowance", 90]],
            "end": "satisfied",
        }
        self._decide(fresh, again, place, fields.Datetime.now())

    @api.model
    def _read_copies(self, case, moment):
        """The heads of the departments read their copies of older cases."""
        for copy in self.env["cs.complaint.copy"].search(
            [("complaint_id", "=", case.id)]
        ):
            with self._at(moment):
                copy.with_user(copy.user_id).sudo(False).action_read()

    @api.model
    def _visit(self, case, row, moment):
        visits = self.env["cs.followup"].sudo()._cs_open_of(case)
        outcome = {"dissatisfied": "dissatisfied"}.get(row["end"], "satisfied")
        for visit in visits:
            with self._at(self._after(moment, datetime.timedelta(days=2))):
                mine = visit.with_user(visit.user_id).sudo(False)
                note = "" if outcome == "satisfied" else "客户认为门岗仍无改进。"
                mine.action_record(outcome, note)
