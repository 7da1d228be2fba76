/* global MiniSearch, siteDocuments */
/** The search of the site: as you type, over all sections, without a request. */
const input = document.querySelector("#search");
const list = document.querySelector("#found");
const resultsMax = 12;
let index;

/** The index is made when somebody begins to search. */
function searchIndex() {
  if (index === undefined) {
    index = new MiniSearch({
      fields: ["title", "page", "text"],
      storeFields: ["title", "page", "text"],
      searchOptions: { boost: { title: 4, page: 2 }, prefix: true, fuzzy: 0.15, combineWith: "AND" },
    });
    index.addAll(siteDocuments);
  }
  return index;
}

function show() {
  const words = input.value.trim();
  const results = words === "" ? [] : searchIndex().search(words).slice(0, resultsMax);
  list.replaceChildren(...results.map(itemOf));
  if (words !== "" && results.length === 0) list.append(Object.assign(document.createElement("li"), { textContent: "Nothing found" }));
  list.hidden = words === "";
}

function itemOf({ id, title, page, text, terms }) {
  const link = document.createElement("a");
  link.href = input.dataset.root + id;
  const head = document.createElement("strong");
  head.textContent = title === page ? title : `${page}: ${title}`;
  const excerpt = document.createElement("span");
  excerpt.textContent = excerptOf(text, terms);
  link.append(head, excerpt);
  const item = document.createElement("li");
  item.append(link);
  return item;
}

/** Returns the text around the first word that was found. */
function excerptOf(text, terms) {
  const lower = text.toLowerCase();
  const places = terms.map((term) => lower.indexOf(term)).filter((place) => place >= 0);
  const start = Math.max(0, Math.min(...places, text.length) - 60);
  const from = places.length === 0 ? 0 : start;
  return `${from > 0 ? "… " : ""}${text.slice(from, from + 160)}${text.length > from + 160 ? " …" : ""}`;
}

function clear() {
  input.value = "";
  show();
}

input.addEventListener("input", show);
// A section of this page loads no other.
list.addEventListener("click", () => setTimeout(clear));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") clear();
  if (event.key === "/" && document.activeElement !== input) {
    event.preventDefault();
    input.focus();
  }
});
