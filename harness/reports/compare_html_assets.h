// What compare.html has beside the style of report.html.
#pragma once

namespace relayspec {

inline constexpr const char* kCompareStyle = R"css(
.wide { overflow-x: auto; margin: .8rem 0; border: 1px solid var(--line); border-radius: .4rem; background: var(--card); }
.wide table { min-width: 100%; width: auto; }
.wide th, .wide td { text-align: left; white-space: nowrap; vertical-align: top; }
.wide th { position: sticky; top: 0; background: var(--card); }
.wide th:first-child, .wide td:first-child { position: sticky; left: 0; background: var(--card); min-width: 11rem;
  max-width: 24rem; white-space: normal; overflow-wrap: anywhere; }
.wide td a.cell { color: var(--tone); font-weight: 600; text-decoration: none; }
.wide td a.cell:hover, .wide td a.cell:focus { text-decoration: underline; }
.wide td.words { white-space: normal; min-width: 12rem; overflow-wrap: anywhere; }
.wide tr.differs td:first-child { box-shadow: inset 3px 0 var(--note); }
.number { text-align: right !important; }
.rule { --tone: var(--line); } .rule > summary { padding: .45rem .8rem; } .rule p { margin: .2rem .8rem; }
.rule dt.word { color: var(--tone); font-weight: 600; }
@media (max-width: 40rem) { body { padding: 1rem .5rem 3rem; } .wide th:first-child, .wide td:first-child
  { min-width: 9rem; max-width: 42vw; font-size: .85rem; } .wide .level { display: none; } .wide th, .wide td
  { padding: .2rem .35rem; } }
@media print { body { max-width: none; font-size: 9pt; padding: 0; } .filters, script { display: none !important; }
  .wide { overflow: visible; border: 0; } .wide th, .wide th:first-child, .wide td:first-child { position: static; }
  tr, details { break-inside: avoid; } }
)css";

/// Shows the rows that the filters leave, and opens the requirement that a cell leads to. Without it all rows
/// are shown.
inline constexpr const char* kCompareScript = R"js(
const all = s => [...document.querySelectorAll(s)], one = s => document.querySelector(s);
const rows = all('tr.row'), filters = ['suite', 'level', 'verdict'];
function show() {
  const words = one('#words').value.toLowerCase().split(' '), differs = one('#differs').checked;
  let shown = 0;
  for (const r of rows) {
    const fits = f => !one('#' + f).value || r.dataset[f].split(' ').includes(one('#' + f).value.replaceAll(' ', '-'));
    const text = r.textContent.toLowerCase();
    r.hidden = !(filters.every(fits) && (!differs || r.classList.contains('differs')) && words.every(w => text.includes(w)));
    shown += !r.hidden;
  }
  one('#shown').textContent = shown === rows.length ? '' : shown + ' of ' + rows.length + ' shown';
}
for (const f of filters) one('#' + f).onchange = show;
one('#words').oninput = one('#differs').onchange = show;
one('.filters').hidden = false;
show();
function follow() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  target.open = true;
  target.scrollIntoView();
}
addEventListener('hashchange', follow);
for (const a of all('a.cell')) a.addEventListener('click', () => setTimeout(follow));
follow();
)js";

}  // namespace relayspec
