// A form that keeps itself. One queue of requests: fields that hang on a choice come and go, what would follow is told, what is
// typed is saved. Whatever was touched since a request went out stays as it is; only fields that appear or go are merged.
"use strict";

// What could not be saved is kept in the browser until it is: by person, form and slot.
const mine = "dossier " + (document.body.dataset.me ?? "") + " ";
const shelf = {
  put(name, what) { try { localStorage.setItem(name, JSON.stringify({ at: Date.now(), ...what })); } catch { /* full or shut: the page still says that it is not saved */ } },
  take(name) { try { localStorage.removeItem(name); } catch { /* the same */ } },
  all() { try { return Object.keys(localStorage).filter((k) => k.startsWith(mine)).map((k) => [k, JSON.parse(localStorage.getItem(k))]); } catch { return []; } },
};
const send = (to, body) => fetch(to, { method: "POST", body, headers: { "X-Requested-With": "script" }, credentials: "same-origin", redirect: "manual" });

// A page that opens saves what is still in the browser. The answer to what was sent shows it already.
async function unload() {
  if (mine.length < 10) return;
  const form = document.querySelector("form[data-autosave]");
  for (const [name, x] of shelf.all()) {
    const key = new URLSearchParams(x.body).get("key");
    if (form?.dataset.posted !== undefined && form.elements.key.value === key) { shelf.take(name); continue; }
    const r = await send(x.to, new URLSearchParams(x.body)).catch(() => null);
    if (!r?.ok) {
      if ([403, 404, 409, 410].includes(r?.status)) shelf.take(name); // it is no longer theirs to fill in; the server has what was typed
      continue;
    }
    shelf.take(name);
    const answer = await r.json();
    if (form?.dataset.autosave === x.to && answer.draft && !form.dataset.edited) location.replace(x.to + (x.to.includes("?") ? "&" : "?") + "draft=" + answer.draft);
  }
}

(() => {
  const form = document.querySelector("form[data-autosave]");
  if (!form) { unload(); return; }
  const card = form.querySelector(".card"), said = document.getElementById("saved"), out = document.getElementById("signed-out");
  let n = 0, live = 0, drawn = 0, kept = 0; // edits so far; the last that may change the form; those that are drawn, and saved
  let busy = false, sent = false, due = false, failing = false, owed = false, timer = 0, retry = 0;
  const touched = new Map(), gone = new Map(); // when a field was last touched; fields that went, with what was typed in them
  const name = mine + form.dataset.autosave + " " + form.elements.draft.value;
  const keep = () => shelf.put(name, { to: form.dataset.autosave, body: entries("save").toString() });
  for (const b of form.querySelectorAll("[data-check]")) b.hidden = true; // it happens by itself

  // Back shows this page again: it is the page as it was drawn, with its key, so that a second press is none.
  const key = form.elements.key;
  if (history.state?.key) key.value = history.state.key;
  else history.replaceState({ ...history.state, key: key.value }, "");

  const fieldOf = (x) => x.closest?.("[data-field]");
  const chosen = () => [...form.querySelectorAll("input[type=file]")].flatMap((x) => [...x.files].map((f) => [x.name, f.name]));

  // entries are what the form would send, of files the names alone.
  function entries(then) {
    const d = new URLSearchParams([...new FormData(form)].filter(([, v]) => !(v instanceof File)));
    for (const [field, file] of chosen()) d.append("chosen." + field, file);
    d.set("then", then);
    return d;
  }
  // pump sends what is owed, one after another, and comes back to what changed while a request was away.
  async function pump() {
    if (busy) return;
    busy = true;
    form.ariaBusy = "true";
    try {
      while (!sent) {
        if (drawn < live) await check();
        else if (kept < n && due) await save();
        else break;
      }
    } catch { // no connection
      fail(said.dataset.off, false);
    }
    busy = false;
    form.ariaBusy = "false";
  }

  async function check() {
    const since = n;
    const r = await send(form.action, entries("check"));
    if (!r.ok) return fail(r.status === 401 ? said.dataset.out : said.dataset.off, r.status === 401);
    const fresh = new DOMParser().parseFromString(await r.text(), "text/html");
    if (sent) return;
    drawn = since;
    merge(fresh, since);
  }

  async function save() {
    const since = n, body = entries("save");
    const r = await send(form.action, body);
    if (!r.ok) return fail(r.status === 401 ? said.dataset.out : r.status === 409 ? said.dataset.other : said.dataset.off, r.status === 401);
    const answer = await r.json();
    kept = since;
    due = failing = false;
    retry = 0;
    form.elements.draft.value = answer.draft;
    form.elements.rev.value = answer.rev;
    shelf.take(name);
    said.textContent = answer.said;
    said.classList.remove("fault");
    out.hidden = true;
    if (kept < n) wait(1500);
  }

  // fail says that it is not saved and why, keeps it in the browser and tries again.
  function fail(why, signedOut) {
    drawn = live; // the button does the same
    if (sent || kept >= n) return;
    failing = true;
    keep();
    said.textContent = why;
    said.classList.add("fault");
    out.hidden = !signedOut;
    due = false;
    wait(Math.min(60, 3 * 2 ** retry++) * 1000);
  }

  function wait(ms) {
    clearTimeout(timer);
    timer = setTimeout(() => { due = true; pump(); }, ms);
  }

  // shape tells whether two drawings of a field ask the same; a table is what its columns are.
  const shape = (f) => f.querySelector("table") ? f.querySelectorAll("th").length + ":" : [...f.querySelectorAll("input, select, textarea, option")]
    .map((x) => [x.localName, x.type, x.name, x.matches("option, [type=radio], [type=checkbox]") ? x.value : ""].join()).join(";");

  // place puts nodes into a box in their order; those that stand right are not moved, for moving takes the cursor away.
  function place(box, nodes) {
    let at = box.firstElementChild;
    for (const x of nodes) {
      if (x === at) at = at.nextElementSibling;
      else box.insertBefore(x, at);
    }
  }

  function merge(fresh, since) {
    const then = fresh.getElementById("then"), next = fresh.querySelector("form[data-autosave] .card");
    if (then) document.getElementById("then").replaceChildren(...then.childNodes);
    if (!next) return;
    const late = (f) => (touched.get(f.dataset.field) ?? 0) > since || f.contains(document.activeElement);
    const have = new Map([...card.querySelectorAll("[data-field]")].map((f) => [f.dataset.field, f]));
    const parts = new Map([...card.querySelectorAll("[data-part]")].map((s) => [s.dataset.part, s]));
    const wanted = new Map([...next.querySelectorAll("[data-field]")].map((f) => [f.dataset.field, f]));
    const stays = (f) => wanted.has(f.dataset.field) || late(f);
    for (const [id, f] of have) {
      if (!wanted.has(id) && f.contains(document.activeElement)) owed = true; // it goes once the cursor has left it
      if (stays(f)) continue;
      gone.set(id, f);
      f.remove();
    }
    const focus = document.activeElement, at = focus?.selectionStart, sections = [];
    const idle = [...parts.values()].filter((s) => !next.querySelector(`[data-part="${s.dataset.part}"]`)); // a part that goes makes way for one that comes
    for (const s of next.querySelectorAll("[data-part]")) {
      const box = parts.get(s.dataset.part) ?? idle.shift() ?? s.cloneNode(false);
      const fields = [...s.querySelectorAll("[data-field]")].map((f) => field(have.get(f.dataset.field), f, late));
      const rest = [...box.querySelectorAll("[data-field]")].filter((f) => !fields.includes(f)); // touched since: the next drawing decides
      const head = s.querySelector("h2"), was = box.querySelector("h2");
      if (head && was) was.textContent = head.textContent;
      else if (was) was.remove();
      box.dataset.part = s.dataset.part;
      place(box, [...(head ? [was ?? head] : []), ...fields, ...rest.filter((f) => !wanted.has(f.dataset.field))]);
      sections.push(box);
    }
    for (const s of idle) {
      if (s.querySelector("[data-field]")) sections.push(s);
      else s.remove();
    }
    place(card, [...[...card.children].filter((x) => !x.dataset.part), ...sections]);
    if (focus?.isConnected && focus !== document.activeElement) { // it was moved with its part
      focus.focus({ preventScroll: true });
      if (at != null) focus.setSelectionRange(at, at);
    }
  }

  // field is the node that stays of a field as it is and as it is drawn now.
  function field(old, fresh, late) {
    if (!old) {
      const was = gone.get(fresh.dataset.field);
      gone.delete(fresh.dataset.field);
      if (was && shape(was) === shape(fresh)) return was; // what was typed in it is there again
      ready(fresh);
      return fresh;
    }
    if (late(old) || old.querySelector("input[type=file]")) return old;
    if (shape(old) !== shape(fresh) || !old.querySelector("input, select, textarea")) {
      ready(fresh);
      old.replaceWith(fresh);
      return fresh;
    }
    const called = (f) => f.querySelector(":scope > label, :scope > legend, :scope > .label"), is = called(old), now = called(fresh);
    if (is && now && is.innerHTML !== now.innerHTML) is.innerHTML = now.innerHTML; // another form may call it otherwise
    const sums = old.querySelector("tfoot");
    if (sums) sums.innerHTML = fresh.querySelector("tfoot").innerHTML;
    return old;
  }

  const ready = (box) => { for (const s of box.querySelectorAll("select.phrases")) s.hidden = false; };

  function edited(e) {
    n++;
    const f = fieldOf(e.target);
    if (f) touched.set(f.dataset.field, n);
    if (failing) keep();
    form.dataset.edited = "";
    due = false;
    wait(1500);
  }
  form.addEventListener("input", edited);
  form.addEventListener("change", (e) => {
    edited(e);
    if (e.target.type !== "file") live = n;
    setTimeout(pump, 0);
  });
  form.addEventListener("focusout", () => {
    if (!owed) return;
    owed = false;
    drawn = live - 1;
    setTimeout(pump, 0);
  });
  form.addEventListener("submit", (e) => {
    if (e.submitter?.formTarget === "_blank") return; // a preview
    if (sent) { e.preventDefault(); return; } // a second press is none
    sent = true;
    if (e.submitter?.value === "drop") shelf.take(name);
    else keep(); // should the answer never come
    setTimeout(() => { sent = false; pump(); }, 8000);
  });
  for (const [what, where] of [["online", window], ["focus", window], ["visibilitychange", document]])
    where.addEventListener(what, () => { if (failing && !document.hidden) { due = true; pump(); } });
  window.addEventListener("pageshow", (e) => { if (e.persisted) { sent = false; pump(); } });
  window.addEventListener("pagehide", () => { if (kept < n && !sent && !failing) navigator.sendBeacon?.(form.action, entries("save")); });

  // What was typed before this script was there counts too, and what was sent and came back.
  ready(form);
  if (form.dataset.posted !== undefined) { n++; wait(1500); }
  for (const x of form.elements) {
    const moved = x.type === "radio" || x.type === "checkbox" ? x.checked !== x.defaultChecked
      : x.localName === "select" ? [...x.options].some((o) => o.selected !== o.defaultSelected) && x.selectedIndex > 0
        : x.type !== "hidden" && x.type !== "file" && "defaultValue" in x && x.value !== x.defaultValue;
    if (moved && x.name) { x.dispatchEvent(new Event("change", { bubbles: true })); }
  }
  unload();
})();
