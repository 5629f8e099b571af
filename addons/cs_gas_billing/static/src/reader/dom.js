/**
 * Make an element: `h("button", {class: "x", onclick: f}, "text", child)`. Texts are
 * set as texts, never as HTML.
 */
export function h(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (value === null || value === undefined || value === false) {
            continue;
        }
        if (name.startsWith("on")) {
            element.addEventListener(name.slice(2), value);
        } else if (name === "value") {
            element.value = value;
        } else {
            element.setAttribute(name, value === true ? "" : value);
        }
    }
    element.append(
        ...children.flat(Infinity).filter((child) => child !== null && child !== false && child !== "")
    );
    return element;
}

/** Return a function that gives the page's texts with their values put in. */
export function makeTranslator(texts) {
    return (key, values) => {
        const text = texts[key] || "";
        if (values === undefined) {
            return text;
        }
        return typeof values === "object"
            ? text.replace(/%\((\w+)\)s/g, (_match, name) => values[name])
            : text.replace("%s", values);
    };
}
