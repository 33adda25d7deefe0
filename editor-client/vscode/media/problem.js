// Shows what the extension sends, and tells it which button was pressed.
const extension = acquireVsCodeApi();
const part = (id) => document.getElementById(id);

function testItem({ name, passed, verdict }) {
  const item = document.createElement('li');
  item.className = passed ? 'passed' : 'failed';
  item.textContent = passed ? name : `${name}: ${verdict}`;
  item.title = `${name}: ${verdict}`;
  return item;
}

window.addEventListener('message', ({ data }) => {
  part('standing').textContent = data.standing;
  part('standing').className = data.passed ? 'passed' : 'failed';
  part('tests').replaceChildren(...data.tests.map(testItem));
  part('failing-test').innerHTML = data.failingTest; // the page's policy lets no script in it run
  part('failing-test').hidden = part('compare').hidden = !data.failingTest;
  part('statement').innerHTML = data.statement;
});
document.addEventListener('click', ({ target }) => {
  const button = target.closest('[data-wish]');
  if (button) extension.postMessage(button.dataset.wish);
});
extension.postMessage('ready');
