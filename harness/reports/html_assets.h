// Style and script of report.html, which stand inside the file.
#pragma once

namespace relayspec {

inline constexpr const char* kHtmlStyle = R"css(
:root { color-scheme: light dark;
  --text: #1c2024; --soft: #60646c; --page: #fcfcfd; --card: #fff; --line: #e0e1e6; --code: #f3f4f6; --link: #0b62c4;
  --pass: #18794e; --fail: #ce2c31; --warn: #ab6400; --note: #0d74ce; --skip: #80838d; --error: #953ea3; }
@media (prefers-color-scheme: dark) { :root {
  --text: #edeef0; --soft: #b0b4ba; --page: #111113; --card: #18191b; --line: #2e3135; --code: #212225; --link: #70b8ff;
  --pass: #3dd68c; --fail: #ff9592; --warn: #ffca16; --note: #70b8ff; --skip: #9ba1a6; --error: #e796f3; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1rem 4rem; max-width: 64rem; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
.soft { color: var(--soft); } a { color: var(--link); }
.pass { --tone: var(--pass); } .fail { --tone: var(--fail); } .warn { --tone: var(--warn); }
.note { --tone: var(--note); } .skip { --tone: var(--skip); } .error { --tone: var(--error); }
.bar { display: flex; gap: 2px; height: .6rem; margin: 1.2rem 0 .8rem; border-radius: .3rem; overflow: hidden; }
.bar i { background: var(--tone); min-width: 3px; }
.filters { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
button, select, input { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line);
  border-radius: .4rem; padding: .2rem .6rem; }
button { cursor: pointer; } button b { color: var(--tone); }
button[aria-pressed=false] { opacity: .45; text-decoration: line-through; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .2rem .6rem; border-bottom: 1px solid var(--line); }
th:first-child, td:first-child { text-align: left; } th { font-weight: 500; color: var(--soft); }
td.some { color: var(--tone); font-weight: 600; }
details { background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--tone);
  border-radius: .4rem; margin: .4rem 0; }
article { background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--tone);
  border-radius: .4rem; margin: .6rem 0; }
.case summary, h3 { padding: .45rem .8rem; display: grid; grid-template-columns: 3.6rem 1fr auto; gap: 0 .6rem; }
summary { cursor: pointer; } h3 { font-size: 1rem; font-weight: 400; margin: 0; }
.case summary::-webkit-details-marker { display: none; }
.case summary b, h3 b { color: var(--tone); } .id { font-weight: 600; overflow-wrap: anywhere; }
.why { grid-column: 2 / 4; overflow-wrap: anywhere; white-space: pre-wrap; }
article dl { padding-left: 5rem; }
.more { background: none; border: 0; margin: 0; } .more > summary { color: var(--soft); }
.more ul { margin: .2rem 0; padding-left: 1.2rem; }
dl { display: grid; grid-template-columns: 7rem minmax(0, 1fr); gap: .3rem .6rem; margin: 0; padding: .2rem .8rem .8rem; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
pre { margin: 0; padding: .4rem .6rem; background: var(--code); border-radius: .3rem; overflow-x: auto;
  font: 13px/1.45 ui-monospace, monospace; }
[hidden] { display: none !important; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; } dt { margin-top: .3rem; }
  .case summary, h3 { grid-template-columns: 3.6rem 1fr; } .why { grid-column: 1 / 3; } article dl { padding-left: .8rem; } }
)css";

/// Shows the cases that match the pressed verdicts, the chosen suite and the words typed, and opens the case
/// that a link leads to. Without it all are shown.
inline constexpr const char* kHtmlScript = R"js(
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
)js";

}  // namespace relayspec
