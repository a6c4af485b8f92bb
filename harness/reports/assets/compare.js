// Shows the rows that the filters leave, and opens the requirement that a cell leads to. Without it all rows are shown.
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
