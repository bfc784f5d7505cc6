// Only adds: suggestions under the search box, a wide picture scrolled to its document, what an address names unfolded,
// copying. Everything works without this file.
"use strict";
const unfold = () => {  // what an address names may be folded away
  const named = document.querySelector(":target"), folded = named?.closest("details:not([open])");
  if (folded) folded.open = true;
  named?.scrollIntoView();
};
addEventListener("hashchange", unfold);
addEventListener("load", unfold);
document.querySelectorAll("button[data-copy]").forEach((button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    button.textContent = "Đã chép";
  });
});
document.querySelectorAll(".drawing").forEach((box) => {
  const here = box.querySelector(".here")?.getBoundingClientRect(), seen = box.getBoundingClientRect();
  if (here) box.scrollLeft += here.left + here.width / 2 - seen.left - seen.width / 2;
});
(() => {
  const kinds = { so_hieu: "số hiệu", trich_yeu: "trích yếu", co_quan: "cơ quan" };
  document.querySelectorAll('form[role="search"] input[type="search"]').forEach((input, at) => {
    const list = document.createElement("ul");
    list.className = "suggestions";
    list.id = `goi-y-${at}`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Gợi ý");
    list.hidden = true;
    input.form.append(list);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", list.id);
    let asked = "", timer = 0, chosen = -1;

    const close = () => {
      list.hidden = true;
      chosen = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const take = (item) => {
      if (item.dataset.url) location.href = item.dataset.url;
      else { input.value = item.dataset.text; input.form.submit(); }
    };
    const show = (found) => {
      list.replaceChildren(...found.map((one, n) => {
        const item = document.createElement("li");
        item.id = `${list.id}-${n}`;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        item.dataset.text = one.kind === "co_quan" ? `coquan:"${one.text}"` : one.text;
        if (one.kind !== "co_quan" && one.url) item.dataset.url = one.url;
        const note = document.createElement("small");
        note.textContent = [kinds[one.kind], one.note].filter(Boolean).join(" · ");
        item.append(one.text, " ", note);
        item.addEventListener("mousedown", (event) => { event.preventDefault(); take(item); });
        return item;
      }));
      list.hidden = !found.length;
      chosen = -1;
      input.setAttribute("aria-expanded", String(!list.hidden));
    };
    const move = (step) => {
      const items = [...list.children];
      if (list.hidden || !items.length) return;
      chosen = (chosen + step + items.length + 1) % (items.length + 1);
      items.forEach((item, n) => item.setAttribute("aria-selected", String(n === chosen)));
      if (chosen < items.length) input.setAttribute("aria-activedescendant", items[chosen].id);
      else { chosen = -1; input.removeAttribute("aria-activedescendant"); }
    };
    input.addEventListener("input", () => {
      clearTimeout(timer);
      const typed = input.value.trim();
      if (typed.length < 2) { close(); return; }
      timer = setTimeout(async () => {
        asked = typed;
        try {
          const answer = await fetch(`/api/suggest?q=${encodeURIComponent(typed)}`);
          const told = await answer.json();
          if (asked === typed && told.ok && document.activeElement === input) show(told.data);
        } catch { close(); }
      }, 150);
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown") { move(1); event.preventDefault(); }
      else if (event.key === "ArrowUp") { move(-1); event.preventDefault(); }
      else if (event.key === "Escape") {
        if (!list.hidden) event.preventDefault();  // the first Escape leaves what was typed
        close();
      }
      else if (event.key === "Enter" && chosen >= 0 && !list.hidden) { event.preventDefault(); take(list.children[chosen]); }
    });
    input.addEventListener("blur", close);
  });
})();
