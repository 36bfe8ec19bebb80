// What every page loads. The pages work without it; this makes them quicker.
import 'htmx.org';
import './utrecht.css';
import './styles/routeflow.css';
import { verberg } from './verberg.js';
import { toetsen } from './toetsen.js';

document.addEventListener('input', (event) => verberg(event.target.form));
document.addEventListener('change', (event) => verberg(event.target.form));

document.addEventListener('submit', (event) => {
  const vraag = event.submitter?.dataset.bevestig ?? event.target.dataset.bevestig;
  if (vraag && !window.confirm(vraag)) event.preventDefault();
  else if (event.target.method === 'post') eenmaal(event);
});

// A second click while the first is on its way sends nothing. A file may come instead of a page:
// then the form is free again after a while.
const WACHT = 10_000;

function eenmaal(event) {
  const formulier = event.target;
  if (formulier.ariaBusy === 'true') {
    event.preventDefault();
    return;
  }
  formulier.ariaBusy = 'true';
  setTimeout(() => { formulier.ariaBusy = null; }, WACHT);
}

window.addEventListener('pageshow', () => {
  document.querySelectorAll('form[aria-busy]').forEach((formulier) => { formulier.ariaBusy = null; });
});

// A choice in a filter is sent at once, when the form says so; its button stays for the rest.
document.addEventListener('change', (event) => {
  if (event.target.form?.hasAttribute('data-meteen')) event.target.form.requestSubmit();
});

document.addEventListener('keydown', toetsen);
document.addEventListener('input', ikBenErNog);

// Writing is not doing nothing: now and then the server hears of it, so that the session goes on.
const LEVENSTEKEN = 5 * 60_000;
let gemeld = Date.now();

function ikBenErNog() {
  if (!document.querySelector('form[action$="/uitloggen"]') || Date.now() - gemeld < LEVENSTEKEN) return;
  gemeld = Date.now();
  fetch('/sessie').catch(() => { gemeld = 0; });
}

function ververs(deel) {
  deel.querySelectorAll('form').forEach(verberg);
  deel.querySelector('.foutenlijst')?.focus();
}

document.addEventListener('htmx:after:swap', () => ververs(document));
ververs(document);
