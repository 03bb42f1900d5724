// Small DOM pieces. Text goes in as text nodes only: nothing that anybody wrote is ever parsed as HTML.

export const byId = (id) => document.getElementById(id);

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

export function avatar(name, id, isBot = false) {
  const letters = name.trim().split(/\s+/).map((word) => word[0]).slice(-2).join("").toUpperCase();
  const number = typeof id === "number" ? Math.abs(id) : id.charCodeAt(0); // ids of Zalo are words
  const tint = isBot ? "tint-bot" : `tint-${number % 6}`;
  return element("span", { class: `avatar ${tint}`, "aria-hidden": "true" }, letters);
}

export function toast(text) {
  const shown = element("p", { class: "toast" }, text);
  byId("toasts").append(shown);
  setTimeout(() => shown.remove(), 4000);
}

export function alertBox(text) {
  byId("alert-text").textContent = text;
  byId("alert").showModal();
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(`Đã chép: ${text}`);
  } catch {
    toast("Trình duyệt không cho chép. Hãy chọn chữ rồi chép bằng tay.");
  }
}

// A role=listbox whose options, each with what it stands for in `choice`, are reached with the arrow keys and chosen as
// they are reached.
export function fillList(list, options, choose) {
  const focused = list.contains(document.activeElement);
  list.replaceChildren(...options);
  const chosen = options.find((option) => option.getAttribute("aria-selected") === "true") ?? options[0];
  for (const option of options) option.tabIndex = option === chosen ? 0 : -1;
  list.onclick = (event) => pick(event.target.closest("[role=option]"), choose);
  list.onkeydown = (event) => walk(event, list, choose);
  if (focused) chosen?.focus();
}

function pick(option, choose) {
  if (option) choose(option.choice);
}

function walk(event, list, choose) {
  const options = [...list.children];
  const at = options.indexOf(event.target.closest("[role=option]"));
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: options.length - 1, Enter: at, " ": at }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  const option = options[Math.max(0, Math.min(next, options.length - 1))];
  option?.focus();
  pick(option, choose);
}
