from odoo import fields, models


class ResCompany(models.Model):
    """The rules of rosters and swaps in a company; 0 turns a figure's rule off."""

    _inherit = "res.company"

    cs_duty_rest_hours = fields.Integer(
        string="Hours of Rest",
        default=11,
        help="Ours: 11 hours from the end of a shift to the begin of the next one.",
    )
    cs_duty_max_days = fields.Integer(
        string="Days in Seven",
        default=6,
        help="Ours: at most 6 days with a shift in any 7 days in a row.",
    )
    cs_duty_home_is_work = fields.Boolean(
        string="Duty at Home Is Work",
        default=True,
        help="Shifts at home need rest before and after and count as days worked.",
    )
    cs_duty_swaps_a_month = fields.Integer(
        string="Swaps a Month",
        default=3,
        help="By the date of the shift; swaps that are not decided yet count.",
    )
    cs_duty_count_colleague = fields.Boolean(
        string="Count for Both",
        default=True,
        help="A swap counts for both people, else for whoever asked.",
    )
    cs_duty_count_cancelled = fields.Boolean(
        string="Count Cancelled Swaps",
        help="A swap that is cancelled after its approval still counts.",
    )
    cs_duty_notice_hours = fields.Integer(
        string="Notice of a Swap",
        default=24,
        help="Ours: asked for at least 24 hours before the shift begins.",
    )
    cs_duty_same_team = fields.Boolean(
        string="Swaps within the Team",
        help="Only members of the shift's team may take it over.",
    )
    cs_duty_missed_amount = fields.Monetary(
        string="Missed Shift",
        default=20.0,
        help="Proposed deduction for a shift missed after a swap that was not "
        "passed on clearly (误班、空班). A manager decides.",
    )
