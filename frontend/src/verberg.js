// Shows and hides fields of a form while it is filled in, by what the FEEL of the form says:
// comparisons, and, or, not and list contains. Whatever else is written, or is not known here,
// counts as unknown; then the field stays in view, and the server decides in any case.
const WOORD = /\s*(?:("[^"\\]*")|(-?\d+(?:\.\d+)?)|(list contains\b|[A-Za-z_]\w*)|(!=|<=|>=|[=<>(),]))/y;

function woorden(tekst) {
  const gevonden = [];
  WOORD.lastIndex = 0;
  while (WOORD.lastIndex < tekst.length) {
    const vanaf = WOORD.lastIndex;
    const raak = WOORD.exec(tekst);
    if (!raak) return tekst.slice(vanaf).trim() ? null : gevonden;
    gevonden.push(raak[0].trim());
  }
  return gevonden;
}

/** Return true, false, or null when it cannot be said. ``waarde(name)`` gives undefined if unknown. */
export function weeg(uitdrukking, waarde) {
  const rij = woorden(uitdrukking.replace(/^=/, ''));
  if (!rij) return null;
  let plek = 0;
  const neem = (woord) => rij[plek] === woord && Boolean(++plek);
  const eis = (woord) => {
    if (!neem(woord)) throw new SyntaxError(woord);
  };

  const of = () => {
    let uit = en();
    while (neem('or')) {
      const ander = en();
      uit = uit === true || ander === true ? true : uit === null || ander === null ? null : false;
    }
    return uit;
  };
  const en = () => {
    let uit = een();
    while (neem('and')) {
      const ander = een();
      uit = uit === false || ander === false ? false : uit === null || ander === null ? null : true;
    }
    return uit;
  };
  const tussenHaken = () => {
    eis('(');
    const uit = of();
    eis(')');
    return uit;
  };
  const een = () => {
    if (neem('not')) {
      const uit = tussenHaken();
      return uit === null ? null : !uit;
    }
    if (rij[plek] === '(') return tussenHaken();
    if (neem('list contains')) return bevat();
    return vergelijk();
  };
  const bevat = () => {
    eis('(');
    const lijst = gegeven();
    eis(',');
    const deel = gegeven();
    eis(')');
    if (!Array.isArray(lijst) || lijst.includes(undefined)) return null;
    return deel === undefined || Array.isArray(deel) ? null : lijst.includes(deel);
  };
  const gegeven = () => {
    const woord = rij[plek++];
    if (woord === undefined || /^[=<>!(),]/.test(woord)) throw new SyntaxError(woord);
    if (woord.startsWith('"')) return woord.slice(1, -1);
    if (/^-?\d/.test(woord)) return telbaar(woord) ? Number(woord) : undefined;
    if (woord === 'true' || woord === 'false') return woord === 'true';
    return woord === 'null' ? null : waarde(woord);
  };
  const vergelijk = () => {
    const links = gegeven();
    const teken = rij[plek];
    if (!['=', '!=', '<', '>', '<=', '>='].includes(teken)) return typeof links === 'boolean' ? links : null;
    plek += 1;
    return vergeleken(links, teken, gegeven());
  };

  try {
    const uit = of();
    return plek === rij.length ? uit : null;
  } catch {
    return null;
  }
}

/** Return what FEEL says of two values: those of different types are not comparable. */
function vergeleken(a, teken, b) {
  if (a === undefined || b === undefined) return null;
  if (teken === '=' || teken === '!=') {
    if (a !== null && b !== null && (typeof a !== typeof b || typeof a === 'object')) return null;
    return (a === b) === (teken === '=');
  }
  if (typeof a !== 'number' || typeof b !== 'number') return null;
  return { '<': a < b, '>': a > b, '<=': a <= b, '>=': a >= b }[teken];
}

/** Return the number in a text as the server reads it; undefined when it does not, or is too long. */
function getal(tekst) {
  if (/^-?\d{1,3}(\.\d{3})+$/.test(tekst)) return undefined;
  const heel = /^-?\d{1,3}([. ]\d{3})+(,\d{1,10})?$/.test(tekst) ? tekst.replace(/[. ]/g, '') : tekst;
  return /^-?\d{1,15}([.,]\d{1,10})?$/.test(heel) && telbaar(heel) ? Number(heel.replace(',', '.')) : undefined;
}

/** Return whether a number of JavaScript holds all its digits. */
const telbaar = (tekst) => tekst.replace(/\D/g, '').length <= 15;

/** Return what is filled in under this name; undefined when it is not here or not plain. */
function ingevuld(formulier, naam, weg) {
  const gevonden = formulier.elements[naam];
  if (!gevonden) return JSON.parse(formulier.querySelector('[data-bekend]')?.dataset.bekend ?? '{}')[naam];
  const element = gevonden instanceof RadioNodeList ? gevonden[0] : gevonden;
  if (isWeg(element, weg)) return null;
  const vinken = formulier.querySelectorAll(`fieldset[data-lijst="${naam}"] input`);
  if (vinken.length) return [...vinken].filter((vink) => vink.checked).map(getypt);
  if (element.type === 'checkbox') return element.checked;
  if (element.type === 'radio') {
    const gekozen = formulier.querySelector(`input[name="${naam}"]:checked`);
    return gekozen ? getypt(gekozen) : null;
  }
  return getypt(element.selectedOptions?.[0] ?? element);
}

/** Return the value of a box or choice as the type it has on the server. */
function getypt(element) {
  const tekst = element.value.normalize('NFC').trim();
  const soort = element.dataset.soort;
  if (soort === 'date') return undefined;
  if (soort === 'boolean') return tekst === 'true';
  if (!tekst) return null;
  return soort === 'number' ? getal(tekst) : tekst;
}

function isWeg(element, weg) {
  for (let deel = element.closest('[data-verberg]'); deel; deel = deel.parentElement.closest('[data-verberg]')) {
    if (weg.has(deel)) return true;
  }
  return false;
}

/** Return what a condition in a row of a list reads: the row first, then the form around it. */
function lezer(formulier, deel, weg) {
  const voor = deel.querySelector('[name]')?.name.match(/^.+\[\d+\]\./)?.[0];
  return (naam) =>
    ingevuld(formulier, voor && deel.closest('.formulier__rij') && formulier.elements[voor + naam] ? voor + naam : naam, weg);
}

// A field that is out of view has no value, which may hide or show others: so says the server too.
const RONDEN = 10;

export function verberg(formulier) {
  const delen = [...(formulier?.querySelectorAll('[data-verberg]') ?? [])];
  let weg = new Set();
  for (let ronde = 0; ronde < RONDEN; ronde += 1) {
    const nu = new Set(delen.filter((deel) => weeg(deel.dataset.verberg, lezer(formulier, deel, weg)) === true));
    const klaar = nu.size === weg.size && [...nu].every((deel) => weg.has(deel));
    weg = nu;
    if (klaar) break;
  }
  delen.forEach((deel) => {
    if (deel.hidden !== weg.has(deel)) deel.hidden = weg.has(deel);
  });
}
