// Put into a copy of a report behind axe-core: what it finds that is serious or worse.
addEventListener('load', async () => {
  for (const details of document.querySelectorAll('details')) details.open = true;
  const found = await axe.run(document, {resultTypes: ['violations']});
  const outcome = document.createElement('pre');
  outcome.id = 'outcome';
  const bad = found.violations.filter(v => v.impact === 'serious' || v.impact === 'critical');
  outcome.textContent = ['done', ...bad.map(v => v.id + ': ' + v.help + ': ' + v.nodes.length + ' times, as ' +
                                                 v.nodes[0].html.slice(0, 200) + ' ' + v.nodes[0].failureSummary)].join('\n');
  document.body.append(outcome);
});
