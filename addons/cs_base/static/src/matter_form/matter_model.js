import { Record } from "@web/model/relational_model/record";
import { RelationalModel } from "@web/model/relational_model/relational_model";
import { session } from "@web/session";

/** Types of fields the server compares. */
const COMPARED = new Set(session.cs_compared_types);

/** A matter that says with each save what its changed fields held when it was read. */
export class MatterRecord extends Record {
    get context() {
        return this.csSeen ? { ...super.context, cs_seen: this.csSeen } : super.context;
    }

    async _save() {
        if (!this.resId || this._parentRecord) {
            return super._save(...arguments);
        }
        this.csSeen = {
            model: this.resModel,
            id: this.resId,
            values: this.csSeenValues(),
            urgent: Boolean(this.model._urgentSave),
        };
        try {
            return await super._save(...arguments);
        } finally {
            this.csSeen = undefined;
        }
    }

    csSeenValues() {
        const seen = {};
        for (const name of Object.keys(this._changes)) {
            const { type } = this.fields[name];
            if (COMPARED.has(type)) {
                seen[name] = this._formatServerValue(type, this._values[name]);
            }
        }
        return seen;
    }
}

export class MatterModel extends RelationalModel {
    static Record = MatterRecord;
}
