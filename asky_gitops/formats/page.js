"use strict";
const form = document.querySelector("form");
if (form) {
  const articles = [...document.querySelectorAll("article")];
  const shown = document.querySelector("#shown");
  const apply = () => {
    const wanted = Object.fromEntries(["overlay", "rule", "state"].map((name) => [name, form.elements[name].value]));
    const severities = new Set([...form.querySelectorAll("[name=severity]:checked")].map((box) => box.value));
    const words = form.elements.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const article of articles) {
      const said = article.dataset;
      const fits = severities.has(said.severity)
        && ["overlay", "rule", "state"].every((name) => !wanted[name] || said[name] === wanted[name])
        && words.every((word) => article.textContent.toLowerCase().includes(word));
      article.hidden = !fits;
      count += fits;
    }
    for (const section of document.querySelectorAll("section.overlay")) {
      section.hidden = ![...section.querySelectorAll("article")].some((article) => !article.hidden);
    }
    for (const map of document.querySelectorAll("section.map")) {
      map.hidden = Boolean(wanted.overlay) && map.dataset.overlay !== wanted.overlay;
    }
    shown.textContent = `${count} of ${articles.length} shown`;
  };
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.querySelector("button").addEventListener("click", () => { form.reset(); apply(); });
  apply();
}
