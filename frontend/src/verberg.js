// Shows and hides fields of a form while it is filled in. Only simple comparisons are done here;
// whatever else an expression says stays visible, and the server decides in any case.
const EEN = /^\s*([A-Za-z_]\w*)\s*(!=|=)\s*(?:"([^"]*)"|(true|false|null)|(-?\d+(?:\.\d+)?))\s*$/;

/** Return true, false, or null when the expression is more than simple comparisons. */
export function weeg(uitdrukking, waarde) {
  const tekst = uitdrukking.replace(/^=/, '');
  if (/["][^"]*\b(?:and|or)\b[^"]*["]|[()]/.test(tekst)) return null;
  const uitkomsten = (delen) => delen.map((deel) => vergelijk(deel, waarde));
  if (/\bor\b/.test(tekst) && /\band\b/.test(tekst)) return null;
  if (/\bor\b/.test(tekst)) {
    const alle = uitkomsten(tekst.split(/\bor\b/));
    return alle.includes(null) ? null : alle.includes(true);
  }
  const alle = uitkomsten(tekst.split(/\band\b/));
  return alle.includes(null) ? null : !alle.includes(false);
}

function vergelijk(deel, waarde) {
  const gevonden = EEN.exec(deel);
  if (!gevonden) return null;
  const [, naam, teken, woord, constante, getal] = gevonden;
  const nu = waarde(naam);
  if (nu === undefined) return null;
  let gelijk;
  if (woord !== undefined) gelijk = nu === woord;
  else if (constante === 'null') gelijk = nu === '' || nu === null;
  else if (constante) gelijk = nu === (constante === 'true');
  else gelijk = nu !== '' && Number(String(nu).replace(',', '.')) === Number(getal);
  return teken === '=' ? gelijk : !gelijk;
}

/** Return what is filled in under this name: text, true or false; undefined when it is not here. */
function ingevuld(formulier, naam) {
  const element = formulier.elements[naam];
  if (!element) return JSON.parse(formulier.querySelector('[data-bekend]')?.dataset.bekend ?? '{}')[naam];
  if (element.type === 'checkbox') return element.checked;
  if (element instanceof RadioNodeList && element[0].type === 'checkbox') return undefined;
  return element.value;
}

export function verberg(formulier) {
  formulier?.querySelectorAll('[data-verberg]').forEach((deel) => {
    const uit = weeg(deel.dataset.verberg, (naam) => ingevuld(formulier, naam)) === true;
    if (deel.hidden !== uit) deel.hidden = uit;
  });
}
