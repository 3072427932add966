"use strict";
// Searches, filters and sorts the table of sites. Without it the page has all of them, the worst first.
const table = document.querySelector(".heat"), rows = [...table.tBodies[0].rows];
const names = new Map(rows.map(row => [row, [row.cells[0], row.querySelector(".problem")].map(each => each?.textContent ?? "").join(" ").toLowerCase()]));
const search = document.getElementById("search"), shown = document.getElementById("shown");
const boxes = [...document.querySelectorAll("#tools [type=checkbox]")];
const because = document.getElementById("because");
let cause = "";

function show() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const ends = boxes.filter(box => box.checked).map(box => box.value);
  let count = 0;
  for (const row of rows) {
    row.hidden = !words.every(word => names.get(row).includes(word))
      || ends.length > 0 && !ends.includes(row.dataset.ranks[0])
      || cause !== "" && !row.dataset.causes.split(" ").includes(cause);
    count += !row.hidden;
  }
  because.hidden = cause === "";
  shown.textContent = shown.dataset.text.replace("{shown}", count);
}

function only(link) {
  cause = link.dataset.cause ?? "";
  search.value = "";
  for (const box of boxes) box.checked = box.value === link.dataset.end;
  const card = document.querySelector(`.causes [data-cause="${cause}"]`)?.nextElementSibling;
  because.querySelector("code").textContent = (card ?? link).textContent.replace(/\s+/g, " ").trim();
  show();
}

// Names from A to Z, verdicts from the worst; once more, the other way round. What is equal stays in its first order.
const alphabet = new Intl.Collator(document.documentElement.lang, {numeric: true});
const orders = {
  ascending: (one, other) => alphabet.compare(names.get(one), names.get(other)),
  descending: (one, other, place) => other.dataset.ranks.charCodeAt(place) - one.dataset.ranks.charCodeAt(place)};

function sort(heading) {
  const place = heading.cellIndex - 1, usual = place < 0 ? "ascending" : "descending";
  const turned = heading.ariaSort === usual, sign = turned ? -1 : 1;
  for (const each of heading.parentNode.cells) each.removeAttribute("aria-sort");
  heading.ariaSort = turned === (place < 0) ? "descending" : "ascending";
  table.tBodies[0].append(...rows.toSorted((one, other) => sign * orders[usual](one, other, place)));
}

for (const heading of [...table.tHead.rows].at(-1).cells) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...heading.childNodes);
  button.addEventListener("click", () => sort(heading));
  heading.append(button);
}
for (const link of document.querySelectorAll("[data-cause], [data-end]")) link.addEventListener("click", () => only(link));
because.querySelector("button").addEventListener("click", () => { cause = ""; show(); });
for (const box of boxes) box.addEventListener("change", show);
search.addEventListener("input", show);
document.getElementById("tools").hidden = false;
addEventListener("pageshow", show);  // a browser that comes back fills the fields in
