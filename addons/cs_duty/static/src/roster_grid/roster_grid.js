import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component, useRef } from "@odoo/owl";

const ARROWS = {
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
};

/** A roster as a sheet of people by days; drafts are filled in by letters or clicks. */
export class RosterGrid extends Component {
    static template = "cs_duty.RosterGrid";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.table = useRef("table");
        this.saving = Promise.resolve();
    }

    get grid() {
        return this.props.record.data[this.props.name] || { days: [], rows: [], codes: [] };
    }

    get isEditable() {
        return this.props.record.data.state === "draft" && this.props.record.resId;
    }

    cell(row, day) {
        return row.cells[day.date] || { code: "", color: 0 };
    }

    cellClass(row, day) {
        const cell = this.cell(row, day);
        return {
            o_off: day.weekend || day.holiday,
            o_bad: cell.bad,
            o_home: cell.home,
            o_swapped: cell.swapped,
            [`o_shift_color_${cell.color}`]: cell.code,
        };
    }

    onClick(row, day) {
        if (!this.isEditable || !row.id) {
            return;
        }
        const codes = ["", ...this.grid.codes.map((kind) => kind.code)];
        const next = codes.indexOf(this.cell(row, day).code) + 1;
        this.setCell(row, day, codes[next % codes.length]);
    }

    onKeydown(ev, row, day, rowIndex, dayIndex) {
        if (ev.key in ARROWS) {
            const [down, right] = ARROWS[ev.key];
            this.focus(rowIndex + down, dayIndex + right);
            ev.preventDefault();
            return;
        }
        if (!this.isEditable || !row.id || ev.ctrlKey || ev.altKey || ev.metaKey) {
            return;
        }
        const typed = ev.key.toUpperCase();
        const kind = this.grid.codes.find((one) => one.code.toUpperCase() === typed);
        if (kind || ["DELETE", "BACKSPACE", "."].includes(typed)) {
            ev.preventDefault();
            this.setCell(row, day, kind ? kind.code : "");
            this.focus(rowIndex, dayIndex + 1);
        }
    }

    focus(rowIndex, dayIndex) {
        const cell = this.table.el.querySelector(
            `[data-row="${rowIndex}"][data-day="${dayIndex}"]`
        );
        cell?.focus();
    }

    /** One after the other, so that quick typing loses nothing. */
    setCell(row, day, code) {
        const { record } = this.props;
        this.saving = this.saving.catch(() => {}).then(async () => {
            if ((await record.isDirty()) && !(await record.save())) {
                return;
            }
            await this.orm.call("cs.roster", "action_set_cell", [
                [record.resId],
                row.id,
                day.date,
                code,
            ]);
            await record.load();
        });
        return this.saving;
    }
}

registry.category("fields").add("cs_roster_grid", {
    component: RosterGrid,
    supportedTypes: ["json"],
    fieldDependencies: [{ name: "state", type: "selection" }],
});
