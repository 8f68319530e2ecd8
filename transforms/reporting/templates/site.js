"use strict";
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const made = (name, attributes = {}, text = "") => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.textContent = text;
    return element;
  };

  /* Said once typing or clicking has paused, so that it is not cut short. */
  const waiting = new Map();
  const later = (status, text) => {
    clearTimeout(waiting.get(status));
    waiting.set(status, setTimeout(() => { status.textContent = text; }, 300));
  };
  const status = made("p", { class: "unseen", role: "status" });
  document.body.append(status);

  /* The first number of a cell; null for words, which stand last however a column is sorted. */
  const NUMBER = /^(?:(?:under|over|at least|about|<|>)\s*)?(?:[^\d\s+\u2212.-]{1,4}\s?)?([+\u2212-]?)(\d[\d,]*(?:\.\d+)?|\.\d+)/;
  const numberOf = (text) => {
    const found = NUMBER.exec(text);
    if (!found) return null;
    const size = Number(found[2].replaceAll(",", ""));
    return found[1] === "\u2212" || found[1] === "-" ? -size : size;
  };
  const words = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: "base" });

  const sorted = (rows, column, isNumber, direction) => {
    const keyed = rows.map((row, place) => {
      const text = row.cells[column].textContent.trim();
      return { row, place, key: isNumber ? numberOf(text) : text || null };
    });
    const compare = (a, b) => {
      if (a.key === null || b.key === null) return (a.key === null) - (b.key === null) || a.place - b.place;
      return direction * (isNumber ? a.key - b.key : words.compare(a.key, b.key)) || a.place - b.place;
    };
    return keyed.sort(compare).map((one) => one.row);
  };

  const NEXT = { none: "ascending", ascending: "descending", descending: "none" };
  for (const table of all("table")) {
    const body = table.tBodies[0];
    const original = [...body.rows];
    const heads = all("thead th", table);
    if (original.length < 3 || original.some((row) => row.cells.length !== heads.length)) continue;
    table.classList.add("sortable");
    heads.forEach((head, column) => {
      const title = head.textContent.trim();
      const button = made("button", { type: "button" }, title);
      head.replaceChildren(button);
      const isNumber = head.classList.contains("number") || (table.classList.contains("heat") && column > 0);
      button.addEventListener("click", () => {
        const order = NEXT[head.getAttribute("aria-sort") ?? "none"];
        for (const other of heads) other.removeAttribute("aria-sort");
        if (order !== "none") head.setAttribute("aria-sort", order);
        const rows = order === "none" ? original
          : sorted(original, column, isNumber, order === "ascending" ? 1 : -1);
        body.append(...rows);
        later(status, order === "none" ? "In the first order again" : `Sorted by ${title}, ${order}`);
      });
    });
  }

  /* A table wider than its frame is reached by keyboard, to be scrolled. */
  const frames = new ResizeObserver((changes) => {
    for (const { target } of changes) {
      const name = target.querySelector("caption")?.textContent.trim();
      const isWide = target.scrollWidth > target.clientWidth;
      for (const [key, value] of Object.entries({ tabindex: "0", role: "region", "aria-label": name ?? "" })) {
        if (isWide) target.setAttribute(key, value); else target.removeAttribute(key);
      }
    }
  });
  for (const frame of all(".scroll:not([tabindex])")) frames.observe(frame);

  const menu = document.querySelector(".menu details");
  menu?.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  const list = document.querySelector("[data-find]");
  if (list) {
    const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    const entries = all("section li", list).map((item) => (
      { item, text: plain(item.textContent), link: item.querySelector("a") }
    ));
    const groups = all("section", list).map((group) => (
      { group, letter: list.querySelector(`nav a[href="#${group.id}"]`).parentElement }
    ));
    const box = made("input", { type: "search", id: "find-box", autocomplete: "off", spellcheck: "false" });
    const count = made("p", { class: "note", role: "status" });
    const field = made("div", { class: "find-field" });
    field.append(made("label", { for: "find-box" }, "Find a page, school, kind of PD or word"), box, count);
    list.before(field);
    const shown = () => entries.filter((entry) => !entry.item.hidden);
    const filter = () => {
      const parts = plain(box.value).split(/\s+/).filter(Boolean);
      for (const { item, text } of entries) item.hidden = !parts.every((part) => text.includes(part));
      for (const { group, letter } of groups) {
        group.hidden = letter.hidden = !group.querySelector("li:not([hidden])");
      }
      later(count, parts.length ? `${shown().length || "None"} of ${entries.length} found` : "");
    };
    box.addEventListener("input", filter);
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && box.value.trim()) shown()[0]?.link.click();
      if (event.key === "Escape" && box.value) { box.value = ""; filter(); event.preventDefault(); }
    });
    const step = (event) => {
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const stops = [box, ...shown().map((entry) => entry.link)];
      const place = stops.indexOf(document.activeElement);
      if (!by || place < 0) return;
      event.preventDefault();
      stops[Math.max(0, Math.min(stops.length - 1, place + by))].focus();
    };
    field.addEventListener("keydown", step);
    list.addEventListener("keydown", step);
  }
})();
