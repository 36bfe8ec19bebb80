// Keys on pages with rows: j next, k previous, Enter opens, c the key of the page's first act,
// / goes to search. They do nothing while somebody types, and can be turned off (WCAG 2.1.4):
// <body data-toetsen="uit">.
const TYPT = 'input, textarea, select, [contenteditable]';

export function toetsen(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.body.dataset.toetsen === 'uit' || event.target.closest?.(TYPT)) return;
  const doe = { j: () => stap(1), k: () => stap(-1), '/': zoek, c: pak }[event.key];
  if (doe?.()) event.preventDefault();
}

function stap(kant) {
  const rijen = [...document.querySelectorAll('[data-rij]')];
  if (!rijen.length) return false;
  const hier = rijen.findIndex((rij) => rij.contains(document.activeElement));
  const volgende = rijen[Math.min(rijen.length - 1, Math.max(0, hier < 0 ? 0 : hier + kant))];
  rijen.forEach((rij) => rij.classList.toggle('rij--hier', rij === volgende));
  volgende.querySelector('a[data-open], a')?.focus();
  volgende.scrollIntoView({ block: 'nearest' });
  return true;
}

function zoek() {
  const veld = document.querySelector('[role="search"] input, input[type="search"]');
  veld?.focus();
  return Boolean(veld);
}

function pak() {
  const rij = document.activeElement?.closest('[data-rij]') ?? document;
  const knop = rij.querySelector('[data-toets="c"]');
  knop?.click();
  return Boolean(knop);
}
