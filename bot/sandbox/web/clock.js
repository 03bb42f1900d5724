// The clock bar: shows the sandbox's time and sets it forward.

import { byId, toast } from "./dom.js";
import { act } from "./server.js";

const HOUR = 3600 * 1000;
// Vietnam keeps UTC+7 all year, so the next Friday is plain arithmetic.
const ZONE_HOURS = 7;
const SHOWN = new Intl.DateTimeFormat("vi-VN", {
  weekday: "long", day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit",
  timeZone: "Asia/Ho_Chi_Minh",
});

let ahead = 0;

export const now = () => new Date(Date.now() + ahead);

export function setClock(moment) {
  ahead = new Date(moment).getTime() - Date.now();
  show();
}

export function startClock() {
  byId("clock").open = window.matchMedia("(min-width: 61rem)").matches;
  for (const button of document.querySelectorAll("[data-hours]")) {
    button.addEventListener("click", () => turn({ seconds: Number(button.dataset.hours) * 3600 }));
  }
  byId("friday").addEventListener("click", () => turn({ to: nextFriday(now()).toISOString() }));
  byId("set-clock").addEventListener("submit", (event) => {
    event.preventDefault();
    turn({ to: `${byId("moment").value}:00+07:00` });
  });
  setInterval(show, 1000);
}

// The next Friday 16:00 in Vietnam, a week on when it is that minute or later.
export function nextFriday(from) {
  const there = new Date(from.getTime() + ZONE_HOURS * HOUR);
  const friday = new Date(Date.UTC(there.getUTCFullYear(), there.getUTCMonth(), there.getUTCDate(), 16));
  friday.setUTCDate(friday.getUTCDate() + ((5 - there.getUTCDay() + 7) % 7));
  if (friday <= there) friday.setUTCDate(friday.getUTCDate() + 7);
  return new Date(friday.getTime() - ZONE_HOURS * HOUR);
}

async function turn(wish) {
  try {
    setClock((await act("clock", wish)).now);
    toast(`Bây giờ là ${SHOWN.format(now())}`);
  } catch {
    toast("Đồng hồ chỉ vặn tới được, không vặn lui.");
  }
}

function show() {
  const time = byId("now");
  time.dateTime = now().toISOString();
  time.textContent = SHOWN.format(now());
}
