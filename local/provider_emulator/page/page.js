"use strict";

const REFRESH_MILLISECONDS = 1000;
const SHOWN_TASKS = 50;
const COLUMNS = ["Task", "State", "Request", "References", "Credits", "Callbacks", "Video"];
const rows = new Map();

const find = (id) => document.getElementById(id);

function element(name, text = "", className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = className;
  return made;
}

const moment = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ");

async function call(path, method = "GET", body = undefined) {
  const response = await fetch(path, {
    method,
    headers: body ? { "content-type": "application/json" } : {},
    body: body && JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: HTTP ${response.status}`);
  return response.json();
}

function taskCell(task) {
  return [element("code", task.id), element("p", moment(task.created), "soft")];
}

function stateCell(task) {
  const shown = task.answer.status;
  const cells = [element("span", shown, `state ${shown}`)];
  if (!task.ended) {
    const bar = element("progress");
    bar.max = 100;
    bar.value = task.progress;
    bar.title = `${task.progress} %`;
    cells.push(element("span", ` ${task.progress} %`, "soft"), bar);
  }
  if (task.failure) cells.push(element("p", `${task.failure.code}: ${task.failure.message}`));
  for (const fault of task.faults) cells.push(element("p", `fault: ${fault.kind}`, "soft"));
  return cells;
}

function requestCell(task) {
  const { prompt, duration, quality, aspect_ratio, generate_audio, content_filter } = task.order;
  const size = task.width ? `, ${task.width}×${task.height}` : "";
  const sound = generate_audio ? "sound" : "silent";
  const filter = content_filter ? "" : ", relaxed filter";
  const facts = `${duration} s, ${quality}, ${aspect_ratio}${size}, ${sound}${filter}`;
  return [element("span", prompt, "prompt"), element("p", facts, "soft")];
}

function referencesCell(task) {
  const list = element("ul");
  let position = 0;
  for (const kind of ["image", "video", "audio"]) {
    task.order[`${kind}_urls`].forEach((url, index) => {
      const item = element("li");
      const link = element("a", `${kind} ${index + 1}`);
      if (/^https?:/.test(url)) link.href = url;
      link.rel = "noreferrer noopener";
      link.title = url;
      const described = task.references[position++];
      item.append(link, element("span", described ? ` ${described.replace(`${kind} `, "")}` : "", "soft"));
      list.append(item);
    });
  }
  return list.childElementCount ? [list] : [];
}

function creditsCell(task) {
  const charged = task.credits_charged;
  if (charged === null) return [element("span", `${task.credits_reserved} reserved`)];
  return [element("span", `${charged} charged`), element("p", `of ${task.credits_reserved} reserved`, "soft")];
}

function callbacksCell(task) {
  const list = element("ul");
  for (const each of task.callbacks) {
    const outcome = each.status ?? each.error;
    const item = element("li", `${each.attempt}. ${outcome} at ${moment(each.at).slice(11)}`);
    item.title = each.url;
    list.append(item);
  }
  if (list.childElementCount) return [list];
  return task.order.callback_url ? [element("span", task.callback_due ? "due" : "waiting", "soft")] : [];
}

function videoCell(task, now, linkSeconds) {
  if (!task.result_url) return [];
  if (now > task.ended + linkSeconds) return [element("span", "link expired", "soft")];
  const video = element("video");
  Object.assign(video, { src: task.result_url, controls: true, preload: "metadata", muted: true, loop: true });
  video.setAttribute("aria-label", `Video of ${task.id}`);
  return [video];
}

function showCell(row, index, key, contents) {
  const cell = row.cells[index];
  if (cell.dataset.key === key) return;
  cell.dataset.key = key;
  cell.replaceChildren(...contents());
}

function showTask(task, now, linkSeconds) {
  const builders = [taskCell, stateCell, requestCell, referencesCell, creditsCell, callbacksCell];
  let row = rows.get(task.id);
  if (!row) {
    row = element("tr");
    for (const name of COLUMNS) row.append(Object.assign(element("td")));
    [...row.cells].forEach((cell, index) => (cell.dataset.label = COLUMNS[index]));
    rows.set(task.id, row);
  }
  const version = JSON.stringify({ ...task, downloads: [] });
  builders.forEach((build, index) => showCell(row, index, version, () => build(task)));
  const playable = Boolean(task.result_url) && now <= task.ended + linkSeconds;
  showCell(row, builders.length, `${task.result_url} ${playable}`, () => videoCell(task, now, linkSeconds));
  return row;
}

function showTasks(tasks, now, linkSeconds) {
  const body = find("tasks");
  const shown = tasks.map((task) => showTask(task, now, linkSeconds));
  shown.forEach((row, index) => {
    if (body.children[index] !== row) body.insertBefore(row, body.children[index] ?? null);
  });
  while (body.children.length > shown.length) body.lastElementChild.remove();
  find("none").hidden = shown.length > 0;
}

function showList(id, lines, empty) {
  const items = lines.length ? lines.map((line) => element("li", line)) : [element("li", empty, "soft")];
  find(id).replaceChildren(...items);
}

function faultLine(fault) {
  const { id, on, kind, left, times, match, ...more } = fault;
  const often = left === null ? "until cleared" : `${left} left`;
  const fits = Object.entries(match).map(([name, value]) => ` ${name} ${value}`);
  const facts = Object.entries(more).map(([name, value]) => ` ${name} ${value}`);
  return `${on} ${kind}${facts}, ${often}${fits.length ? ", only" + fits : ""}`;
}

async function refresh() {
  const [books, faults, clock, settings] = await Promise.all([
    call(`_emulator/tasks?limit=${SHOWN_TASKS}`),
    call("_emulator/faults"),
    call("_emulator/clock"),
    call("_emulator/settings"),
  ]);
  const counts = Object.entries(books.counts).map(([state, count]) => `${count} ${state}`);
  find("counts").textContent = counts.join(", ") || "no tasks";
  find("now").textContent = `${moment(clock.now)} UTC`;
  find("speed").textContent = clock.speed === 0 ? "stopped" : `at × ${clock.speed}`;
  showList("faults", faults.faults.map(faultLine), "none");
  const balances = Object.entries(settings.balances).map(([name, left]) => `${name}: ${left}`);
  showList("balances", balances, "no account");
  showTasks(books.tasks, books.now, settings.link_seconds);
}

async function keepFresh() {
  try {
    await refresh();
  } catch (error) {
    find("counts").textContent = `Not reachable (${error.message})`;
  }
  setTimeout(keepFresh, REFRESH_MILLISECONDS);
}

document.addEventListener("click", async ({ target }) => {
  const { advance, speed } = target.dataset ?? {};
  if (advance) await call("_emulator/clock", "POST", { advance_seconds: Number(advance) });
  if (speed) await call("_emulator/clock", "POST", { speed: Number(speed) });
  if (target.id === "clear") await call("_emulator/faults", "DELETE");
});

keepFresh();
