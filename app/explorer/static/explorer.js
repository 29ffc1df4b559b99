"use strict";
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent.trim().replace(/\s+/g, " "));
    button.textContent = "Copied";
  });
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
for (const slider of document.querySelectorAll("[data-years]")) {
  slider.hidden = false;
  slider.addEventListener("change", () => {
    const address = new URL(location.href);
    address.searchParams.set("as_of", slider.value);
    address.searchParams.delete("cursor");
    location.assign(address);
  });
}
for (const input of document.querySelectorAll("[data-suggest]")) {
  // a box of a form takes the record that is chosen; the search leads to it
  const form = input.form, fills = input.dataset.types, status = form.querySelector("[role=status]"), list = document.createElement("ul");
  let chosen = -1, asked = 0, timer;
  list.id = input.id + "-list"; list.hidden = true; list.setAttribute("role", "listbox"); list.setAttribute("aria-label", "Suggestions");
  input.after(list); input.closest(".box").after(list);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) input.setAttribute(name, value);
  const close = () => { list.hidden = true; chosen = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
  const go = (option) => {
    if (fills) { input.value = option.dataset.record; return close(); }
    const address = new URL(input.dataset.prefix + option.dataset.url.slice(input.dataset.prefix.length).replace(/^\/v1/, ""), location.href);
    for (const hidden of form.querySelectorAll("[type=hidden]")) address.searchParams.set(hidden.name, hidden.value);
    location.assign(address);
  };
  const mark = (place) => {
    const options = [...list.children];
    chosen = (place + options.length) % options.length;
    options.forEach((option, index) => option.setAttribute("aria-selected", String(index === chosen)));
    input.setAttribute("aria-activedescendant", options[chosen].id);
  };
  const suggest = async () => {
    const mine = ++asked, text = input.value.trim();
    if (text.length < 2) return close();
    const query = new URLSearchParams({ q: text, limit: "8" });
    if (fills) query.set("type", fills);
    else for (const hidden of form.querySelectorAll("[type=hidden]")) query.set(hidden.name, hidden.value);
    let found = [];
    try {
      const answer = await fetch(input.dataset.suggest + "?" + query);
      if (answer.ok) found = (await answer.json()).data;
    } catch { /* the form still works */ }
    if (mine !== asked) return;
    list.replaceChildren(...found.map((each, index) => {
      const option = document.createElement("li"), kind = document.createElement("small");
      option.id = list.id + "-" + index; option.setAttribute("role", "option"); option.setAttribute("aria-selected", "false"); option.dataset.url = each.url; option.dataset.record = each.type + ":" + each.id;
      kind.textContent = " " + each.type.replace(/-/g, " ");
      option.append(each.name || each.id, kind);
      option.addEventListener("mousedown", (event) => { event.preventDefault(); go(option); });
      return option;
    }));
    if (status) status.textContent = found.length ? found.length + " suggestions, use the arrow keys" : "no suggestions";
    if (!found.length) return close();
    list.hidden = false; chosen = -1; input.setAttribute("aria-expanded", "true");
  };
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(suggest, 120); });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return close();
    if (list.hidden) return;
    if (event.key === "ArrowDown") { event.preventDefault(); mark(chosen + 1); }
    if (event.key === "ArrowUp") { event.preventDefault(); mark(chosen < 0 ? -1 : chosen - 1); }
    if (event.key === "Enter" && chosen >= 0) { event.preventDefault(); go(list.children[chosen]); }
  });
}
