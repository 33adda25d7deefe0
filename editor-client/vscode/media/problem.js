// Tells the extension which button was pressed.
const extension = acquireVsCodeApi();
document.addEventListener('click', ({ target }) => {
  const button = target.closest('[data-wish]');
  if (button) extension.postMessage(button.dataset.wish);
});
