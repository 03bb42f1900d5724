// The page's only way to the sandbox: look, act, and listen.

export async function look(what, asked = {}) {
  const query = new URLSearchParams(asked);
  return answer(await fetch(`/sandbox/${what}?${query}`));
}

export async function act(action, body) {
  const headers = { "Content-Type": "application/json" };
  return answer(await fetch(`/sandbox/${action}`, { method: "POST", headers, body: JSON.stringify(body) }));
}

export async function actWithFile(action, body, file) {
  const form = new FormData();
  for (const [name, value] of Object.entries(body)) form.append(name, value);
  form.append("file", file, file.name);
  return answer(await fetch(`/sandbox/${action}`, { method: "POST", body: form }));
}

// Calls `onEvent` for everything that happens, and `onOpen` each time the line stands, first or again.
export function listen(onEvent, onOpen, onLost) {
  const source = new EventSource("/sandbox/events");
  source.onmessage = (event) => onEvent(JSON.parse(event.data));
  source.onopen = onOpen;
  source.onerror = onLost;
}

async function answer(response) {
  const found = await response.json().catch(() => ({ error: `Máy chủ trả lời ${response.status}` }));
  if (!response.ok) throw new Error(found.error);
  return found;
}
