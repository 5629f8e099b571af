import { registry } from "@web/core/registry";
import { floatField } from "@web/views/fields/float/float_field";
import { formatFloat } from "@web/views/fields/formatters";

/** Cubic metres and registers with the decimals they have: 31, not 31.000. */
export const gasVolumeField = {
    ...floatField,
    extractProps: (...args) => ({
        ...floatField.extractProps(...args),
        trailingZeros: false,
    }),
};

/** The sums of a list look like its rows. */
export function formatGasVolume(value, options = {}) {
    return formatFloat(value, {
        digits: options.digits || [16, 3],
        trailingZeros: false,
    });
}

registry.category("fields").add("gas_volume", gasVolumeField);
registry.category("formatters").add("gas_volume", formatGasVolume);
