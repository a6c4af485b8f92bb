// Put into a copy of a report, in front of everything else: uses the page as a person does, and says what does not go well.
const troubles = [], violations = [];
addEventListener('securitypolicyviolation', e => violations.push(e.effectiveDirective + ' ' + e.blockedURI + ' ' + e.sample));
addEventListener('error', e => troubles.push('error: ' + e.message));

const every = s => [...document.querySelectorAll(s)], first = s => document.querySelector(s);
const check = (what, holds) => { if (!holds) troubles.push(what); };
const isSeen = e => e.checkVisibility(); // not in what is folded
const shown = s => every(s).filter(isSeen);
const turn = () => new Promise(done => setTimeout(done, 50));
async function choose(id, value) {
  first(id).value = value;
  first(id).dispatchEvent(new Event(first(id).type === 'search' ? 'input' : 'change'));
  await turn();
}

async function useReport() {
  check('there is a deviation', every('article').length > 0);
  check('deviations come first', first('main').firstElementChild.nextElementSibling.matches('article'));
  check('a deviation has a diagram', every('article .ladder svg').length > 0);
  check('a diagram marks what is wrong', every('.ladder .wrong').length > 0);
  check('fields that deviate are marked', every('.fields tr.wrong').length > 0);
  check('octets that differ are marked', every('.octets mark').length > 0);
  check('what did not come is drawn', every('.ladder .missing').length > 0);
  const cases = every('details.case').length, suite = first('#suite').options[1].value;
  check('all cases are shown at first', shown('details.case').length === cases);
  await choose('#suite', suite);
  const left = shown('details.case');
  check('a suite leaves its cases', left.length > 0 && left.length < cases && left.every(c => c.dataset.suite === suite));
  check('how many are left is said', first('#shown').textContent.startsWith(left.length + ' of '));
  await choose('#suite', '');
  await choose('#words', 'no such words');
  check('words that no case has leave none', shown('details.case').length === 0);
  await choose('#words', '');
  const pressed = first('button.verdict.pass');
  pressed.click();
  check('a button takes its verdict away', shown('details.case.pass').length === 0 && shown('details.case').length > 0);
  const link = first('article a[href^="#"]'), target = document.getElementById(link.getAttribute('href').slice(1));
  target.hidden = true;
  link.click();
  await turn();
  check('a link opens its case', target.open && !target.hidden);
  check('the case has content', isSeen(target.querySelector('dd')));
}

async function useComparison() {
  const rows = every('tr.row').length;
  check('there is a matrix', rows > 10);
  first('#differs').click();
  const differing = shown('tr.row');
  check('what differs is left', differing.length > 0 && differing.length < rows && differing.every(r => r.matches('.differs')));
  first('#differs').click();
  for (const id of ['#suite', '#level', '#verdict']) {
    await choose(id, first(id).options[1].value);
    const left = shown('tr.row').length;
    check(id + ' leaves some rows', left > 0 && left < rows);
    await choose(id, '');
  }
  await choose('#words', 'no such words');
  check('words that no row has leave none', shown('tr.row').length === 0);
  check('what rows rest on goes with them', shown('.rule').length === 0);
  const cell = first('td.fail .cell'), target = document.getElementById(cell.getAttribute('href').slice(1));
  cell.click();
  await turn();
  check('a cell opens its evidence, which is of its relay and requirement', target.matches('.rule > article.fail'));
  check('the evidence is seen', isSeen(target));
  check('the keyboard goes on from there', document.activeElement === target);
  const capture = target.querySelector('dd a[href$=".pcapng"]');
  check('from which a capture is one step away', capture && isSeen(capture));
  for (const part of ['.ladder svg', '.ladder .wrong', '.fields'])
    check('the evidence has ' + part, target.querySelector(part) && isSeen(target.querySelector(part)));
  await choose('#words', '');
  for (const c of every('td.fail .cell, td.warn .cell'))
    check('a cell leads to no article: ' + c.hash, document.getElementById(c.hash.slice(1)).matches('article'));
  useDifferences();
}

function useDifferences() {
  const differences = every('details.difference');
  check('there are differences', differences.length > 0);
  check('they are folded', differences.every(d => !d.open));
  const changed = differences.find(d => d.querySelector('.octets'));
  check('one has octets', changed);
  changed.querySelector('summary').click();
  check('a difference has the ladders of both relays', shown('.difference .pair svg').length === 2);
  check('the octets that differ are marked', isSeen(changed.querySelector('.octets mark')));
  check('the fields that differ are marked', changed.querySelector('.fields tr.wrong'));
  check('each relay has a column', changed.querySelectorAll('.fields thead th').length === 4);
  check('what one of them loses is drawn', every('.difference .ladder .missing').length > 0);
}

// Evidence is folded, and is not on paper.
function print() {
  const folded = every('article details, details.rule, details.difference').filter(d => !d.open);
  check('some evidence is folded', folded.length > 0);
  dispatchEvent(new Event('beforeprint'));
  check('all evidence is printed', folded.every(d => d.open));
  dispatchEvent(new Event('afterprint'));
  check('it is folded again behind that', folded.every(d => !d.open));
}

function check_structure() {
  for (const landmark of ['header', 'main', 'h1', 'h2'])
    check('the page has ' + landmark, first(landmark));
  check('nothing comes from elsewhere', every('[src], link, iframe, object').length === 0);
  check('no text has become an element', !first('img') && !window.hacked);
  check('nothing is wider than the window', document.documentElement.scrollWidth <= innerWidth + 1);
  for (const link of every('a[href^="#"]'))
    check('a link leads nowhere: ' + link.hash, document.getElementById(decodeURIComponent(link.hash.slice(1))));
  for (const table of every('table')) check('a table has heads', table.querySelector('th[scope=col]'));
}

addEventListener('load', async () => {
  try {
    check_structure();
    await (first('#matrix') ? useComparison() : useReport());
    print();
  } catch (e) {
    troubles.push('stopped: ' + e.stack);
  }
  const outcome = document.createElement('pre');
  outcome.id = 'outcome';
  outcome.textContent = ['done', ...troubles, ...violations.map(v => 'violation: ' + v)].join('\n');
  document.body.append(outcome);
});
