// Shows the rows that the filters leave, with what they rest on, and opens the evidence that a cell leads to. Without it
// all rows are shown.
const all = s => [...document.querySelectorAll(s)], one = s => document.querySelector(s);
const rows = all('tr.row'), filters = ['suite', 'level', 'verdict'];
const rules = new Map(all('.rule').map(r => [r.id, r]));
function show() {
  const words = one('#words').value.toLowerCase().split(' '), differs = one('#differs').checked;
  let shown = 0;
  for (const r of rows) {
    const fits = f => !one('#' + f).value || r.dataset[f].split(' ').includes(one('#' + f).value.replaceAll(' ', '-'));
    const text = r.textContent.toLowerCase();
    r.hidden = !(filters.every(fits) && (!differs || r.classList.contains('differs')) && words.every(w => text.includes(w)));
    rules.get(r.cells[0].textContent).hidden = r.hidden;
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
  for (let e = target; e; e = e.parentElement) {
    if (e.matches('.rule')) e.hidden = false;
    if (e.matches('details')) e.open = true;
  }
  target.scrollIntoView();
  (target.querySelector(':scope > summary') || target).focus({preventScroll: true});
}
addEventListener('hashchange', follow);
for (const a of all('a.cell')) a.addEventListener('click', () => setTimeout(follow));
follow();
// What is folded cannot be opened on paper.
let opened = [];
addEventListener('beforeprint', () => {
  opened = all('details.rule:not([open]), details.rule details:not([open]), details.difference:not([open])');
  for (const d of opened) d.open = true;
});
addEventListener('afterprint', () => { for (const d of opened) d.open = false; });
