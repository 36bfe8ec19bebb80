// Shows a diagram with where a dossier is, or with findings, on pages that list the same steps.
//
//   <div class="diagram" data-bpmn="URL of the XML" data-naam="name for screen readers"
//        data-status='{"element id": {"status": "nu", "tekst": "...", "url": "/taken/..."}}'>
//     <div class="diagram__knoppen"></div><div class="diagram__doek"></div>
//   </div>
//
// status: klaar | nu | te laat | vervallen | wacht | fout | waarschuwing | pad (also on arrows). All parts are optional.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import { getBBox } from 'diagram-js/lib/util/Elements';
import './viewer.css';
import { loop } from './lopen.js';

const LEESBAAR = 0.8; // below this scale nobody reads the names: then show a part
const KLEIN = 60; // events and gateways; a step is wider
const NAAMBREED = 90;
const KLASSE = { 'te laat': 'te-laat' };
const BADGE = { klaar: 'klaar', nu: 'info', 'te laat': 'te-laat', fout: 'fout', waarschuwing: 'bijna' };

async function lees(adres) {
  if (adres.startsWith('data:')) {
    const bytes = Uint8Array.from(atob(adres.slice(adres.indexOf(',') + 1)), (teken) => teken.codePointAt(0));
    return new TextDecoder().decode(bytes);
  }
  const antwoord = await fetch(adres, { headers: { Accept: 'application/xml' } });
  if (!antwoord.ok) throw new Error(`${antwoord.status} ${adres}`);
  return antwoord.text();
}

function knop(tekst, naam, doe) {
  const element = document.createElement('button');
  element.type = 'button';
  element.className = 'utrecht-button utrecht-button--subtle knop--klein';
  element.textContent = tekst;
  if (naam) element.setAttribute('aria-label', naam);
  element.addEventListener('click', doe);
  return element;
}

function vul(element, ...delen) {
  element.replaceChildren(...delen.filter((deel) => deel !== null));
}

// The name of an event or gateway gets room for its longest word, so that no word is broken.
function verbreed(viewer, register) {
  const fabriek = viewer.get('graphicsFactory');
  for (const naam of register.filter((deel) => deel.labelTarget && !deel.labelTarget.waypoints)) {
    if (naam.width >= NAAMBREED) continue;
    naam.x -= (NAAMBREED - naam.width) / 2;
    naam.width = NAAMBREED;
    fabriek.update('shape', naam, register.getGraphics(naam));
  }
}

async function teken(raam) {
  const doek = raam.querySelector('.diagram__doek');
  const status = JSON.parse(raam.dataset.status || '{}');
  const viewer = new NavigatedViewer({ container: doek, zoomScroll: { enabled: false } });
  try {
    await viewer.importXML(await lees(raam.dataset.bpmn));
    if (!viewer.get('elementRegistry').filter((deel) => deel.parent).length) throw new Error('nothing is drawn');
  } catch (fout) {
    console.error(fout);
    viewer.destroy();
    const zin = document.createElement('p');
    zin.className = 'diagram__fout';
    zin.textContent = `De tekening is niet te tonen. ${raam.dataset.elders}`;
    vul(doek, zin);
    return;
  }
  const canvas = viewer.get('canvas');
  const register = viewer.get('elementRegistry');
  verbreed(viewer, register);

  for (const [id, { status: woord, tekst }] of Object.entries(status)) {
    const element = register.get(id);
    if (!element || !woord) continue;
    canvas.addMarker(element, `stand-${KLASSE[woord] ?? woord}`);
    if (element.waypoints) continue; // an arrow on a path: its colour is enough, the steps say it
    const merk = document.createElement('span');
    merk.className = `badge badge--${BADGE[woord] ?? 'wacht'}`;
    merk.textContent = woord;
    if (tekst) merk.title = tekst;
    merk.setAttribute('aria-hidden', 'true'); // the spoken name of the shape says it
    viewer.get('overlays').add(element, 'stand', {
      position: element.width < KLEIN
        ? { top: element.height - 14, left: element.width - 12 } // its name stands above it
        : { top: -12, left: Math.max(0, element.width / 2 - 24) },
      html: merk,
    });
  }

  const pas = () => canvas.zoom('fit-viewport', 'auto');
  const lopen = loop(viewer, raam, status);
  const begin = () => {
    const nodig = canvas.viewbox().inner.height * LEESBAAR + 96;
    if (nodig < doek.clientHeight) {
      doek.style.blockSize = `${Math.max(260, Math.round(nodig))}px`;
      canvas.resized();
    }
    pas();
    if (canvas.zoom() >= LEESBAAR) return;
    canvas.zoom(LEESBAAR);
    const nu = Object.keys(status).find((id) => ['nu', 'te laat', 'fout'].includes(status[id].status));
    const gezocht = (nu && register.get(nu)) || lopen.eerste;
    if (gezocht) {
      const plek = getBBox(gezocht); // an arrow has no place of its own, but its points do
      const { inner, outer, scale } = canvas.viewbox();
      const [width, height] = [outer.width / scale, outer.height / scale];
      // what is looked for in view, and no more empty paper around the drawing than needed
      const binnen = (wens, begin, lengte, zicht) =>
        Math.max(begin - 20, Math.min(wens, begin + lengte + 20 - zicht));
      canvas.viewbox({
        x: binnen(plek.x - 80, inner.x, inner.width, width),
        y: binnen(plek.y + plek.height / 2 - height / 2, inner.y, inner.height, height),
        width,
        height,
      });
    }
  };

  const zoom = (factor) => canvas.zoom(Math.min(4, Math.max(0.15, canvas.zoom() * factor)));
  const knoppen = raam.querySelector('.diagram__knoppen');
  if (knoppen) {
    vul(
      knoppen,
      knop('Vergroot', null, () => zoom(1.25)),
      knop('Verklein', null, () => zoom(0.8)),
      knop('Toon alles', null, pas),
      knop('Vorige stap', null, () => lopen.stap(-1)),
      knop('Volgende stap', null, () => lopen.stap(1)),
    );
  }

  // A finger moves the drawing sideways; up and down stays with the page.
  let vinger = null;
  doek.addEventListener('pointerdown', (event) => {
    vinger = event.pointerType === 'touch' ? event.clientX : null;
  });
  doek.addEventListener('pointermove', (event) => {
    if (vinger === null || event.pointerType !== 'touch') return;
    canvas.scroll({ dx: event.clientX - vinger, dy: 0 });
    vinger = event.clientX;
  });
  for (const einde of ['pointerup', 'pointercancel']) doek.addEventListener(einde, () => (vinger = null));

  begin();
  raam.dataset.getekend = 'ja';
}

// A drawing without room (on paper, or in what is folded up) cannot be fitted: it waits until there is some.
function tekenMetPlaats(raam) {
  if (raam.clientWidth > 0) {
    teken(raam);
    return;
  }
  new ResizeObserver((_, kijker) => {
    if (raam.clientWidth === 0) return;
    kijker.disconnect();
    teken(raam);
  }).observe(raam);
}

document.querySelectorAll('.diagram[data-bpmn]').forEach(tekenMetPlaats);
