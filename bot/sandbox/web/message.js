// One message as a bubble: its text with marks, its picture or file, its buttons.

import { copy, element } from "./dom.js";

const TIME = new Intl.DateTimeFormat("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });
const PLAIN = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", blockquote: "blockquote" };

// `actions`: say(text), answer(message) or null, press(message, row, column, button, pressed), quoted(id) → message or undefined,
// and `named`: whether the bubbles of others carry their name
export function bubble(message, mine, actions) {
  if (message.service) return element("p", { class: "service", "data-id": message.id }, serviceText(message));
  const side = mine ? "mine" : "theirs";
  const box = element("article", { class: `message ${side}`, "data-id": message.id, "aria-label": message.sender });
  const body = element("div", { class: "bubble" });
  if (!mine && actions.named) body.append(element("p", { class: "sender" }, message.sender));
  if (message.forwarded_from) body.append(element("p", { class: "forwarded" }, `Chuyển tiếp từ ${message.forwarded_from}`));
  body.append(...quote(message, actions), ...attachment(message));
  if (message.text) body.append(markedText(message, actions));
  body.append(stamp(message, actions));
  box.append(body, ...keyboard(message, actions));
  return box;
}

function stamp(message, actions) {
  const time = element("time", { datetime: message.date }, TIME.format(new Date(message.date)));
  return element("p", { class: "stamp" }, ...answering(message, actions), message.edited ? "đã sửa · " : "", time);
}

function answering(message, { answer }) {
  if (!answer) return [];
  const what = { type: "button", class: "answer", "aria-label": `Trả lời tin của ${message.sender}`, onclick: () => answer(message) };
  return [element("button", what, "Trả lời")];
}

function quote(message, actions) {
  const answered = message.reply_to && actions.quoted(message.reply_to);
  if (!answered) return [];
  const shown = answered.text || answered.document?.name || "Ảnh";
  return [element("blockquote", { class: "reply" }, element("strong", {}, answered.sender), ` ${shown.slice(0, 120)}`)];
}

function attachment(message) {
  const { photo, document: file } = message;
  if (photo) {
    const picture = { src: photo.url, alt: message.text || "Ảnh", width: photo.width, height: photo.height };
    return [element("a", { href: photo.url, target: "_blank", rel: "noopener", class: "photo" }, element("img", picture))];
  }
  if (!file) return [];
  const link = { href: file.url, download: file.name, class: "file" };
  const name = element("span", {}, file.name, element("small", {}, readableSize(file.size)));
  return [element("a", link, element("span", { class: "file-icon", "aria-hidden": "true" }, "↓"), name)];
}

function readableSize(bytes) {
  if (bytes < 1024) return `${bytes} byte`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toLocaleString("vi-VN", { maximumFractionDigits: 1 })} MB`;
}

// Cuts the text at every border of a mark; each piece gets all marks that cover it, outermost first.
function markedText(message, actions) {
  const { text, entities } = message;
  const shown = element("div", { class: "text" });
  const borders = entities.flatMap((e) => [e.offset, e.offset + e.length]);
  const cuts = [...new Set([0, text.length, ...borders])].sort((a, b) => a - b);
  let open = [];
  for (let at = 0; at < cuts.length - 1; at += 1) {
    const covering = entities.filter((e) => e.offset <= cuts[at] && e.offset + e.length >= cuts[at + 1]);
    const kept = open.findIndex((part, depth) => part.entity !== covering[depth]);
    open = kept < 0 ? open : open.slice(0, kept);
    for (const entity of covering.slice(open.length)) {
      const whole = text.slice(entity.offset, entity.offset + entity.length);
      const node = mark(entity, whole, actions);
      (open.at(-1)?.node ?? shown).append(node);
      open.push({ entity, node });
    }
    (open.at(-1)?.node ?? shown).append(text.slice(cuts[at], cuts[at + 1]));
  }
  return shown;
}

function mark(entity, whole, actions) {
  const kind = entity.type;
  if (kind in PLAIN) return element(PLAIN[kind]);
  if (kind === "code" || kind === "pre") return copyable(kind, whole);
  if (kind === "spoiler") return spoiler();
  if (kind === "bot_command") return link("button", { type: "button", class: "command", onclick: () => actions.say(whole) });
  const address = safeAddress(entity, whole);
  return address ? link("a", { href: address, target: "_blank", rel: "noopener noreferrer", title: address }) : link("span", { class: "tag" });
}

const link = (tag, attributes) => element(tag, attributes);

function copyable(kind, whole) {
  const act = () => copy(whole);
  const onkeydown = (event) => {
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); act(); }
  };
  const what = { class: "copy", tabindex: "0", role: "button", title: "Bấm để chép", "aria-label": `Chép ${whole}` };
  return element(kind, { ...what, onclick: act, onkeydown });
}

function spoiler() {
  const reveal = (event) => event.currentTarget.classList.add("revealed");
  return element("span", { class: "spoiler", tabindex: "0", role: "button", "aria-label": "Hiện chữ bị che", onclick: reveal, onkeydown: reveal });
}

function safeAddress(entity, whole) {
  if (entity.type === "email") return `mailto:${whole}`;
  if (entity.type !== "url" && entity.type !== "text_link") return null;
  const wanted = entity.url ?? whole;
  try {
    const address = new URL(/^[a-z]+:/i.test(wanted) ? wanted : `https://${wanted}`);
    return ["http:", "https:"].includes(address.protocol) ? address.href : null;
  } catch {
    return null;
  }
}

function keyboard(message, actions) {
  if (!message.buttons.length) return [];
  const rows = message.buttons.map((line, row) => element("div", { class: "button-row" }, ...line.map((button, column) => {
    const kind = button.url ? "opens" : button.copy_text ? "copies" : "presses";
    const onclick = (event) => actions.press(message, row, column, button, event.currentTarget);
    return element("button", { type: "button", class: kind, onclick }, button.text);
  })));
  return [element("div", { class: "keyboard", role: "group", "aria-label": "Nút trả lời" }, ...rows)];
}

function serviceText({ service, sender }) {
  if (service.new_chat_members) return `${sender} đã thêm bot vào nhóm`;
  if (service.left_chat_member) return `${sender} đã gỡ bot khỏi nhóm`;
  return "Nhóm đã được nâng thành siêu nhóm";
}

