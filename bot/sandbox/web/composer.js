// The composer: text, attached file, forwarding, and the menu of the bot's commands; on Zalo text, picture and sticker.

import { byId, element, toast } from "./dom.js";
import { act, actWithFile, look } from "./server.js";

const PICTURES = ["image/png", "image/jpeg"];
const HINTS = {
  telegram: "Enter để gửi, Shift+Enter xuống dòng, / để chọn lệnh",
  zalo: "Enter để gửi. Trên Zalo hãy trả lời bằng số hoặc bằng chữ; tệp không phải ảnh thì bot không nhận được",
};
let place = null; // {person, chat}
let onZalo = false;
let commands = [];
let file = null;
let answered = null; // the message that is replied to

export function startComposer() {
  const text = byId("text");
  byId("composer").addEventListener("submit", (event) => { event.preventDefault(); send(); });
  text.addEventListener("keydown", onKey);
  text.addEventListener("input", () => { grow(); showCommands(text.value); });
  text.addEventListener("blur", () => setTimeout(closeCommands, 150));
  byId("menu").addEventListener("click", toggleCommands);
  byId("attach").addEventListener("click", () => byId("file").click());
  byId("file").addEventListener("change", () => attach(byId("file").files[0]));
  byId("detach").addEventListener("click", () => attach(null));
  byId("unanswer").addEventListener("click", () => answer(null));
  byId("forward").addEventListener("click", toggleForward);
  byId("sticker").addEventListener("click", () => attempt(() => act("zalo/sticker", place)));
}

// The composer writes as this person in this chat from now on; on Zalo a person has the id of his chat.
export async function composeIn(person, chat, zalo) {
  if (place?.person !== person || place?.chat !== chat) {
    byId("text").value = "";
    attach(null);
    answer(null);
    grow();
    if (byId("forward").ariaPressed === "true") toggleForward();
  }
  place = { person, chat };
  onZalo = zalo;
  for (const tool of ["menu", "forward"]) byId(tool).hidden = onZalo;
  byId("sticker").hidden = !onZalo;
  byId("hint").textContent = HINTS[onZalo ? "zalo" : "telegram"];
  closeCommands();
  await loadCommands();
}

export async function loadCommands() {
  if (place) commands = onZalo ? [] : await look("commands", place);
}

export async function say(text) {
  await attempt(() => act("say", { ...place, text }));
}

// What is written next replies to this message; null: to none.
export function answer(message) {
  answered = message;
  byId("answered").hidden = !answered;
  byId("answered-text").textContent = answered ? `${answered.sender}: ${answered.text.slice(0, 120)}` : "";
  if (answered) byId("text").focus();
}

async function send() {
  const field = byId("text");
  const text = field.value;
  if (!text.trim() && !file) return;
  field.value = "";
  grow();
  closeCommands();
  const done = await attempt(() => deliver(text));
  if (!done) field.value = text;
  field.focus();
}

async function deliver(text) {
  if (file && onZalo && !PICTURES.includes(file.type)) {
    await act("zalo/file", place);
    attach(null);
    if (text.trim()) await act("zalo/say", { ...place, text });
  } else if (file && onZalo) {
    await actWithFile("zalo/photo", { ...place, caption: text }, file);
    attach(null);
  } else if (onZalo) {
    await act("zalo/say", { ...place, text });
  } else if (file) {
    const replies = answered ? { reply_to: answered.id } : {};
    const kind = PICTURES.includes(file.type) ? "photo" : "document";
    await actWithFile(kind, { ...place, caption: text, ...replies }, file);
    attach(null);
    answer(null);
  } else if (byId("forward").ariaPressed === "true") {
    await act("forward", { ...place, text, from_chat: byId("origin-name").value || "Kênh thông tin" });
    toggleForward();
  } else {
    await act("say", { ...place, text, reply_to: answered?.id });
    answer(null);
  }
}

async function attempt(deed) {
  try {
    await deed();
    return true;
  } catch (error) {
    toast(`Không gửi được: ${error.message}`);
    return false;
  }
}

function grow() {
  const field = byId("text");
  field.style.height = "auto";
  if (field.scrollHeight) field.style.height = `${field.scrollHeight + 2}px`; // none while it is not on screen
}

function attach(chosen) {
  file = chosen ?? null;
  byId("attached").hidden = !file;
  byId("attached-name").textContent = file ? file.name : "";
  if (!file) byId("file").value = "";
  if (file) byId("text").focus();
}

function toggleForward() {
  const on = byId("forward").ariaPressed !== "true";
  byId("forward").ariaPressed = String(on);
  byId("origin").hidden = !on;
  byId("text").focus();
}

function toggleCommands() {
  if (!byId("commands").hidden) return closeCommands();
  byId("text").focus();
  return showCommands("/");
}

function showCommands(typed) {
  if (!/^\/[a-z0-9_]*$/i.test(typed)) return closeCommands();
  const fitting = commands.filter(({ command }) => command.startsWith(typed.slice(1).toLowerCase()));
  if (!fitting.length) return closeCommands();
  byId("commands").replaceChildren(...fitting.map(({ command, description }, at) => {
    const onmousedown = (event) => { event.preventDefault(); choose(command); };
    const what = { role: "option", id: `command-${at}`, "data-command": command, "aria-selected": "false", onmousedown };
    return element("li", what, element("strong", {}, `/${command}`), element("span", {}, description));
  }));
  byId("commands").hidden = false;
  byId("menu").ariaExpanded = "true";
  return highlight(Math.max(0, fitting.findIndex(({ command }) => `/${command}` === typed)));
}

function closeCommands() {
  byId("commands").hidden = true;
  byId("menu").ariaExpanded = "false";
  byId("text").removeAttribute("aria-activedescendant");
}

function highlight(wanted) {
  const options = [...byId("commands").children];
  const at = (wanted + options.length) % options.length;
  options.forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
  options[at].scrollIntoView({ block: "nearest" });
  byId("text").setAttribute("aria-activedescendant", options[at].id);
}

async function choose(command) {
  byId("text").value = "";
  closeCommands();
  await say(`/${command}`);
}

function onKey(event) {
  if (event.isComposing) return; // an input method (Telex, VNI) still owns the keys
  if (!byId("commands").hidden && menuKey(event)) {
    event.preventDefault();
  } else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    send();
  }
}

// True when the open command menu used the key.
function menuKey(event) {
  const options = [...byId("commands").children];
  const at = options.findIndex((option) => option.ariaSelected === "true");
  if (event.key === "ArrowDown") highlight(at + 1);
  else if (event.key === "ArrowUp") highlight(at - 1);
  else if (event.key === "Escape") closeCommands();
  else if (event.key === "Enter" && !event.shiftKey) choose(options[at].dataset.command);
  else return false;
  return true;
}
