// Elements without a framework: what they have in them is text or other elements, never markup.

type Child = Node | string;

interface Attributes {
  [name: string]: string | boolean | ((event: Event) => void);
}

/** An element. A function listens to the event of its name; true is an attribute without a value, false is none. */
export function el<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(attribute, value);
    else if (typeof value === "string") element.setAttribute(attribute, value);
    else if (value) element.setAttribute(attribute, "");
  }
  element.append(...children);
  return element;
}

/** A group of radio buttons, one of them chosen. */
export function choices(
  name: string,
  legend: string,
  options: { value: string; label: string; hint?: string }[],
  chosen: string | undefined,
): HTMLFieldSetElement {
  return el(
    "fieldset",
    {},
    el("legend", {}, legend),
    ...options.map(({ value, label, hint }, place) => {
      const id = `${name}-${place}`;
      return el(
        "div",
        { class: "choice" },
        el("input", { type: "radio", id, name, value, required: true, checked: value === chosen }),
        el("label", { for: id }, el("span", {}, label), ...(hint ? [el("small", {}, hint)] : [])),
      );
    }),
  );
}
