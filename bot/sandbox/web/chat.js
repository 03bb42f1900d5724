// The page: who I am, which chat is open, what stands in it, and what happens live. A person's chat on Zalo stands among
// those on Telegram; ids there are words, here numbers.

import { alertBox, avatar, byId, copy, element, fillList, toast } from "./dom.js";
import { bubble } from "./message.js";
import { setClock, startClock } from "./clock.js";
import { answer, composeIn, loadCommands, say, startComposer } from "./composer.js";
import { act, listen, look } from "./server.js";

const PRESENT = ["creator", "administrator", "member"];
const DAY = new Intl.DateTimeFormat("vi-VN", { weekday: "long", day: "numeric", month: "numeric", timeZone: "Asia/Ho_Chi_Minh" });
const TYPING_FOR = 5000;

const world = { bot: null, people: new Map(), chats: new Map(), hasZalo: false };
const unread = new Map(); // "person:chat" → how many
let me = null;
let open = null; // id of the open chat
let shown = new Map(); // id → message of the open chat
let typing = null;
let atBottom = true; // whoever reads further up is not pulled away by news

const actions = {
  say,
  press,
  get answer() { return isZalo(open) ? null : answer; },
  quoted: (id) => shown.get(id),
  get named() { return !world.chats.get(open).person_id; },
};

const isZalo = (chat) => world.chats.get(chat)?.kind === "zalo";

function chatsOf(person) {
  const mine = (chat) => PRESENT.includes(chat.members[person]) && !chat.migrated_to;
  const rank = (chat) => ["private", "zalo"].indexOf(chat.kind) + 1 || 3;
  return [...world.chats.values()].filter(mine).sort((a, b) => rank(a) - rank(b));
}

async function reload() {
  const state = await look("state");
  world.bot = state.bot;
  world.people = new Map(state.people.map((person) => [person.id, person]));
  world.chats = new Map(state.chats.map((chat) => [chat.id, chat]));
  world.hasZalo = state.has_zalo;
  setClock(state.now);
  const remembered = state.people.find(({ id }) => String(id) === sessionStorage.getItem("me"));
  const first = (remembered ?? state.people[0])?.id;
  if (first) await become(world.people.has(me) ? me : first, open);
}

async function become(person, chat = null) {
  me = person;
  sessionStorage.setItem("me", person);
  const chats = chatsOf(person);
  const wanted = chats.find(({ id }) => id === chat) ?? chats[0];
  if (wanted) await enter(wanted.id);
}

async function enter(chat) {
  const before = `${me}:${open}`;
  open = chat;
  unread.delete(`${me}:${open}`);
  showLists();
  showHeader();
  const found = await look(isZalo(chat) ? "zalo/messages" : "messages", { chat });
  shown = new Map(found.map((message) => [message.id, message]));
  byId("messages").replaceChildren();
  byId("messages").setAttribute("aria-live", "off"); // a history is not news
  found.forEach(append);
  if (!found.length) byId("messages").append(element("p", { class: "empty" }, emptyText()));
  byId("messages").setAttribute("aria-live", "polite");
  toBottom();
  if (before !== `${me}:${open}`) stopTyping();
  await composeIn(isZalo(open) ? open : me, open, isZalo(open));
}

function emptyText() {
  const chat = world.chats.get(open);
  if (isZalo(open)) return "Chưa có tin nào. Hãy nhắn một lời, bot sẽ trả lời ngay ở đây.";
  return chat.person_id ? "Chưa có tin nào. Hãy bắt đầu, bot sẽ trả lời ngay ở đây." : "Nhóm chưa có tin nào.";
}

function append(message) {
  byId("messages").querySelector(".empty")?.remove();
  const day = DAY.format(new Date(message.date));
  if (byId("messages").dataset.day !== day || !byId("messages").children.length) {
    byId("messages").append(element("p", { class: "day" }, day));
    byId("messages").dataset.day = day;
  }
  byId("messages").append(bubble(message, message.sender_id === me, actions));
}

function toBottom() {
  const log = byId("messages");
  log.scrollTop = log.scrollHeight;
  atBottom = true;
}

function showLists() {
  const people = [...world.people.values()].map((person) => {
    const count = chatsOf(person.id).reduce((sum, chat) => sum + (unread.get(`${person.id}:${chat.id}`) ?? 0), 0);
    return option(person.id, person.id === me, avatar(person.name, person.id), person.name, person.description, count);
  });
  fillList(byId("people"), people, (id) => become(id));
  const chats = chatsOf(me).map((chat) => {
    return option(chat.id, chat.id === open, faceOf(chat), chat.title, subtitle(chat), unread.get(`${me}:${chat.id}`) ?? 0);
  });
  fillList(byId("chats"), chats, (id) => { document.body.classList.add("in-chat"); enter(id); });
}

function faceOf(chat) {
  const made = avatar(chat.title, chat.id, Boolean(chat.person_id));
  made.classList.toggle("of-zalo", chat.kind === "zalo");
  return made;
}

function option(id, selected, face, title, line, count) {
  const words = element("span", { class: "words" }, element("strong", {}, title), element("small", {}, line));
  const badge = count ? [element("span", { class: "badge", "aria-label": `${count} tin chưa đọc` }, String(count))] : [];
  const made = element("li", { role: "option", "data-id": id, "aria-selected": String(selected) }, face, words, ...badge);
  return Object.assign(made, { choice: id });
}

function subtitle(chat) {
  if (chat.kind === "zalo") return "bot trên Zalo · không có nút bấm";
  if (chat.person_id) return world.hasZalo ? "bot trên Telegram" : "bot · trò chuyện riêng";
  const count = Object.values(chat.members).filter((status) => PRESENT.includes(status)).length;
  return `nhóm · ${count} thành viên`;
}

function showHeader() {
  const chat = world.chats.get(open);
  const face = faceOf(chat);
  byId("chat-avatar").className = face.className;
  byId("chat-avatar").textContent = face.textContent;
  byId("chat-title").textContent = chat.title;
  byId("chat-status").textContent = typing ? "đang soạn tin…" : subtitle(chat);
  const verbs = chat.person_id ? ["Chặn bot", "Bỏ chặn bot"] : ["Gỡ bot", "Thêm bot"];
  byId("chat-action").textContent = chat.bot_present ? verbs[0] : verbs[1];
  byId("chat-action").hidden = isZalo(open);
  document.body.classList.toggle("zalo", isZalo(open));
  showGate(chat);
}

// In place of the composer: Start before the first word, and a way back from a block.
function showGate(chat) {
  const blocked = chat.person_id && !chat.bot_present;
  const closed = blocked || !chat.started;
  byId("gate").hidden = !closed;
  byId("composer").hidden = Boolean(closed);
  byId("gate").textContent = blocked ? "Bỏ chặn bot" : "Bắt đầu";
}

async function pressGate() {
  const present = world.chats.get(open).bot_present;
  await attempt(present ? "start" : "unblock", { person: me });
  byId("text").focus();
}

async function toggleBot() {
  const chat = world.chats.get(open);
  const verbs = chat.person_id ? ["block", "unblock"] : ["remove_bot", "add_bot"];
  await attempt(chat.bot_present ? verbs[0] : verbs[1], { person: me, chat: open });
}

async function press(message, row, column, button, pressed) {
  if (button.copy_text) return copy(button.copy_text.text);
  if (button.url) return window.open(button.url, "_blank", "noopener,noreferrer");
  pressed.setAttribute("aria-busy", "true");
  setTimeout(() => pressed.removeAttribute("aria-busy"), 8000);
  const place = { person: me, chat: message.chat_id, message: message.id, row, column };
  const callback = await attempt("press", place);
  if (callback) pressed.dataset.callback = callback.callback_id;
  return callback;
}

async function attempt(action, body) {
  try {
    return await act(action, body);
  } catch (error) {
    toast(`Không được: ${error.message}`);
    return null;
  }
}

const HAPPENINGS = {
  message({ message }) {
    stopTypingAfter(message);
    count(message);
    if (message.chat_id !== open || shown.has(message.id)) return;
    shown.set(message.id, message);
    append(message);
    if (atBottom || message.sender_id === me) toBottom();
  },
  edited({ message }) {
    if (message.chat_id !== open) return;
    shown.set(message.id, message);
    find(message)?.replaceWith(bubble(message, message.sender_id === me, actions));
  },
  deleted({ message }) {
    find(message)?.remove();
  },
  toast({ toast: { callback_id: id, person_id: person, text, show_alert: isAlert } }) {
    for (const button of document.querySelectorAll("[aria-busy]")) {
      if (button.dataset.callback === id) button.removeAttribute("aria-busy");
    }
    if (person === me && text) (isAlert ? alertBox : toast)(text);
  },
  action({ chat_id: chat }) {
    if (chat !== open) return;
    clearTimeout(typing);
    typing = setTimeout(stopTyping, TYPING_FOR);
    showHeader();
  },
  person({ person }) {
    world.people.set(person.id, person);
    if (me) showLists();
  },
  chat({ chat }) {
    world.chats.set(chat.id, chat);
    if (!me) return reload();
    if (chat.id === open && chat.migrated_to) return enter(chat.migrated_to);
    showLists();
    return chat.id === open ? showHeader() : undefined;
  },
  commands: loadCommands,
  clock: ({ now }) => setClock(now),
};

function find(message) {
  return byId("messages").querySelector(`[data-id="${message.id}"]`);
}

function count(message) {
  const { members } = world.chats.get(message.chat_id);
  for (const person of world.people.keys()) {
    const reading = person === me && message.chat_id === open;
    if (reading || person === message.sender_id || !PRESENT.includes(members[person])) continue;
    const key = `${person}:${message.chat_id}`;
    unread.set(key, (unread.get(key) ?? 0) + 1);
  }
  showLists();
}

function stopTypingAfter(message) {
  if (message.from_bot && message.chat_id === open) stopTyping();
}

function stopTyping() {
  clearTimeout(typing);
  typing = null;
  if (open) showHeader();
}

function keepPlace() {
  const log = byId("messages");
  log.addEventListener("scroll", () => {
    atBottom = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  });
  new ResizeObserver(() => atBottom && toBottom()).observe(log);
}

keepPlace();
startClock();
startComposer();
byId("gate").addEventListener("click", pressGate);
byId("chat-action").addEventListener("click", toggleBot);
byId("back").addEventListener("click", () => document.body.classList.remove("in-chat"));
byId("new-person").addEventListener("click", async () => {
  const person = await attempt("person", { name: `Người mới ${world.people.size + 1}` });
  if (!person) return;
  if (world.hasZalo) await attempt("zalo/person", { name: person.name, on_telegram: person.id });
  await become(person.id);
});
listen((event) => HAPPENINGS[event.kind]?.(event), reload, () => { byId("chat-status").textContent = "mất kết nối, đang nối lại…"; });
