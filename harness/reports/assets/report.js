// Shows the cases that match the pressed verdicts, the chosen suite and the words typed, and opens the case that a link
// leads to. Without it all are shown.
const all = s => [...document.querySelectorAll(s)], one = s => document.querySelector(s);
const cases = all('details.case'), buttons = all('button.verdict');
function show() {
  const verdicts = new Set(buttons.filter(b => b.getAttribute('aria-pressed') === 'true').map(b => b.dataset.verdict));
  const suite = one('#suite').value, words = one('#words').value.toLowerCase().split(' ');
  let shown = 0;
  for (const c of cases) {
    const text = c.textContent.toLowerCase();
    c.hidden = !(verdicts.has(c.dataset.verdict) && (!suite || c.dataset.suite === suite) &&
                 words.every(w => text.includes(w)));
    shown += !c.hidden;
  }
  one('#shown').textContent = shown === cases.length ? '' : shown + ' of ' + cases.length + ' shown';
}
for (const b of buttons) b.onclick = () => {
  b.setAttribute('aria-pressed', b.getAttribute('aria-pressed') === 'true' ? 'false' : 'true');
  show();
};
one('#suite').onchange = one('#words').oninput = show;
one('.filters').hidden = false;
show();
function follow() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  target.hidden = false;
  target.open = true;
  target.scrollIntoView();
}
addEventListener('hashchange', follow);
follow();
// What is folded cannot be opened on paper.
let opened = [];
addEventListener('beforeprint', () => {
  opened = all('article details:not([open])');
  for (const d of opened) d.open = true;
});
addEventListener('afterprint', () => { for (const d of opened) d.open = false; });
