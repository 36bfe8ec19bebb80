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
});

// A choice in a filter is sent at once, when the form says so; its button stays for the rest.
document.addEventListener('change', (event) => {
  if (event.target.form?.hasAttribute('data-meteen')) event.target.form.requestSubmit();
});

document.addEventListener('keydown', toetsen);

function ververs(deel) {
  deel.querySelectorAll('form').forEach(verberg);
  deel.querySelector('.foutenlijst')?.focus();
}

document.addEventListener('htmx:after:swap', () => ververs(document));
ververs(document);
