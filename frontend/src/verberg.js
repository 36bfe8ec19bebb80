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
    return Array.isArray(lijst) ? lijst.includes(deel) : null;
  };
  const gegeven = () => {
    const woord = rij[plek++];
    if (woord === undefined || /^[=<>!(),]/.test(woord)) throw new SyntaxError(woord);
    if (woord.startsWith('"')) return woord.slice(1, -1);
    if (/^-?\d/.test(woord)) return Number(woord);
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

function vergeleken(links, teken, rechts) {
  if (links === undefined || rechts === undefined || Array.isArray(links)) return null;
  let [a, b] = [links === '' ? null : links, rechts];
  if (typeof b === 'boolean' && typeof a === 'string') a = { true: true, false: false }[a] ?? a;
  if (typeof b === 'number' && typeof a === 'string') {
    a = Number(a.replace(',', '.'));
    if (Number.isNaN(a)) return null;
  }
  if (teken === '=') return a === b;
  if (teken === '!=') return a !== b;
  if (typeof a !== 'number' || typeof b !== 'number') return null;
  return { '<': a < b, '>': a > b, '<=': a <= b, '>=': a >= b }[teken];
}

/** Return what is filled in under this name; undefined when it is not here or not plain. */
function ingevuld(formulier, naam) {
  const element = formulier.elements[naam];
  if (!element) return JSON.parse(formulier.querySelector('[data-bekend]')?.dataset.bekend ?? '{}')[naam];
  const vinken = formulier.querySelectorAll(`fieldset[data-lijst="${naam}"] input`);
  if (vinken.length) return [...vinken].filter((vink) => vink.checked).map((vink) => vink.value);
  if (element.type === 'checkbox') return element.checked;
  return element.dataset?.soort === 'date' ? undefined : element.value;
}

export function verberg(formulier) {
  formulier?.querySelectorAll('[data-verberg]').forEach((deel) => {
    const uit = weeg(deel.dataset.verberg, (naam) => ingevuld(formulier, naam)) === true;
    if (deel.hidden !== uit) deel.hidden = uit;
  });
}
