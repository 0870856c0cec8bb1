/** Make elements of HTML and SVG. Text is always set as text, never parsed. */

/** @typedef {string | number | Node | null | undefined | false} Child */
/** @typedef {Record<string, any>} Attributes */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Make an HTML element.
 *
 * Names that begin with "on" and hold a function become listeners ("onclick"), boolean values
 * switch attributes on or off, "style" takes an object of CSS properties, null is left out.
 *
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name of the element
 * @param {Attributes} [attributes]
 * @param {...Child} children nodes, or texts
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    setAttributes(made, attributes);
    made.append(...shown(children));
    return made;
}

/**
 * Make an SVG element; see `element`.
 *
 * @template {keyof SVGElementTagNameMap} Name
 * @param {Name} name
 * @param {Attributes} [attributes]
 * @param {...Child} children
 * @returns {SVGElementTagNameMap[Name]}
 */
export function svg(name, attributes = {}, ...children) {
    const made = document.createElementNS(SVG, name);
    setAttributes(made, attributes);
    made.append(...shown(children));
    return made;
}

/**
 * Set attributes and listeners of an element; see `element`.
 *
 * @param {Element} target
 * @param {Attributes} attributes
 */
export function setAttributes(target, attributes) {
    for (const [name, value] of Object.entries(attributes)) {
        if (name.startsWith("on") && typeof value === "function") {
            target.addEventListener(name.slice(2), value);
        } else if (name === "style") {
            // Through the object model: the page's content policy forbids style attributes.
            for (const [property, setting] of Object.entries(value)) {
                /** @type {HTMLElement} */ (target).style.setProperty(property, String(setting));
            }
        } else if (value === true) {
            target.setAttribute(name, "");
        } else if (value !== false && value !== null && value !== undefined) {
            target.setAttribute(name, String(value));
        }
    }
}

/**
 * @param {Child[]} children
 * @returns {(Node | string)[]}
 */
function shown(children) {
    return children
        .filter((child) => child !== null && child !== undefined && child !== false)
        .map((child) => (child instanceof Node ? child : String(child)));
}
