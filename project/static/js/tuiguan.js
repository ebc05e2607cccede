/* Small helps on top of pages that work without any script. */
"use strict";

// One click is one act: a second submit of the same form is dropped. The browser's back button revives the form.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if ("download" in form.dataset) return; // the page stays, and may be asked again
  if (form.method !== "post" || form.dataset.sent) {
    if (form.dataset.sent) event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

// Menus close when one looks elsewhere.
document.addEventListener("click", (event) => {
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    menu.open = false;
    menu.querySelector("summary").focus();
  });
});

// Picking rows: the box in the head picks the page, the deed bar says how many.
function count(form) {
  const boxes = [...form.querySelectorAll("input[data-pick]")];
  const picked = boxes.filter((box) => box.checked);
  boxes.forEach((box) => box.closest("tr").classList.toggle("picked", box.checked));
  form.querySelectorAll("[data-picked]").forEach((place) => { place.textContent = picked.length; });
  const all = form.querySelector("input[data-pick-all]");
  if (all) {
    all.checked = boxes.length > 0 && picked.length === boxes.length;
    all.indeterminate = picked.length > 0 && picked.length < boxes.length;
  }
}
document.addEventListener("change", (event) => {
  const box = event.target;
  const form = box.closest("form, [data-picks]");
  if (!form) return;
  if (box.matches("input[data-pick-all]")) {
    form.querySelectorAll("input[data-pick]").forEach((other) => { other.checked = box.checked; });
  }
  if (box.matches("input[data-pick], input[data-pick-all]")) count(form);
  if (box.matches("select[data-sends]")) box.form.requestSubmit();
});

// A long step bar shows where the case stands.
document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll(".steps-bar [aria-current]").forEach((step) => {
    const bar = step.parentElement;
    bar.scrollLeft = step.offsetLeft - (bar.clientWidth - step.clientWidth) / 2;
  });
});

// Filters are open beside a wide table and folded above a narrow one.
const wide = window.matchMedia("(min-width: 768px)");
function fold() {
  document.querySelectorAll("details.filters").forEach((filters) => { filters.open = wide.matches; });
}
wide.addEventListener("change", fold);
document.addEventListener("DOMContentLoaded", fold);
document.addEventListener("htmx:afterSwap", fold);
