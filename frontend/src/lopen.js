// Walking through a diagram with the keyboard, for people who do not use a mouse or do not see it.
// One shape is in the tab order. Arrow right and left follow the flow, arrow down goes to the next
// branch or to an event on the step, Home and End to the ends, Enter shows what the step is.
const SOORT = {
  'bpmn:StartEvent': 'begin',
  'bpmn:EndEvent': 'einde',
  'bpmn:BoundaryEvent': 'gebeurtenis op een stap',
  'bpmn:IntermediateCatchEvent': 'wacht op een gebeurtenis',
  'bpmn:IntermediateThrowEvent': 'gebeurtenis',
  'bpmn:UserTask': 'taak',
  'bpmn:SendTask': 'verzendt een bericht',
  'bpmn:ReceiveTask': 'wacht op een bericht',
  'bpmn:ServiceTask': 'doet het systeem',
  'bpmn:ScriptTask': 'rekent het systeem uit',
  'bpmn:BusinessRuleTask': 'beslistabel',
  'bpmn:CallActivity': 'ander proces',
  'bpmn:SubProcess': 'deelproces',
  'bpmn:ExclusiveGateway': 'keuze',
  'bpmn:ParallelGateway': 'tegelijk',
  'bpmn:InclusiveGateway': 'een of meer wegen',
  'bpmn:EventBasedGateway': 'wat het eerst gebeurt',
};

const vanModel = (element) => element.businessObject;
const naamVan = (model) => model.name?.replace(/\s+/g, ' ').trim() || SOORT[model.$type] || 'stap';

const metSoort = (model, tussen) => [...new Set([naamVan(model), SOORT[model.$type] ?? 'stap'])].join(tussen);

export function loop(viewer, raam, status) {
  const canvas = viewer.get('canvas');
  const register = viewer.get('elementRegistry');
  const knopen = register.filter((element) => vanModel(element).$instanceOf?.('bpmn:FlowNode') && !element.labelTarget);
  knopen.sort((a, b) => a.x - b.x || a.y - b.y);
  const eerste = knopen.find((element) => element.type === 'bpmn:StartEvent' && !element.parent?.type.includes('SubProcess')) ?? knopen[0];
  const teken = (element) => register.getGraphics(element);
  const opPlek = (models) => (models ?? []).map((model) => register.get(model.id)).filter(Boolean);
  const na = (element) => opPlek(vanModel(element).outgoing?.map((flow) => flow.targetRef));
  const voor = (element) =>
    element.type === 'bpmn:BoundaryEvent'
      ? opPlek([vanModel(element).attachedToRef])
      : opPlek(vanModel(element).incoming?.map((flow) => flow.sourceRef));
  const opRand = (element) => knopen.filter((knoop) => vanModel(knoop).attachedToRef === vanModel(element));
  let hier = eerste;

  const paneel = document.createElement('p');
  paneel.className = 'diagram__gekozen';
  paneel.setAttribute('role', 'status');
  paneel.textContent = 'Kies een stap in de tekening om te lezen wat die inhoudt.';
  raam.append(paneel);

  const svg = raam.querySelector('.djs-container > svg, svg');
  svg.setAttribute('role', 'group');
  svg.setAttribute(
    'aria-label',
    `Tekening ${raam.dataset.naam ?? ''}. Pijl rechts en links volgen de route, pijl omlaag gaat naar een andere weg, Enter leest de stap voor.`,
  );
  svg.removeAttribute('tabindex');

  function zeg(element) {
    const model = vanModel(element);
    const stand = status[element.id] ?? {};
    const wegen = (model.outgoing ?? []).map((flow) => (flow.name ? `${flow.name}: ` : '') + naamVan(flow.targetRef));
    return [
      metSoort(model, ', '),
      stand.status && `stand: ${stand.status}`,
      stand.tekst,
      wegen.length && `daarna: ${wegen.join(' of ')}`,
    ].filter(Boolean).join('. ');
  }

  function naar(element, { focus = true } = {}) {
    if (!element) return;
    teken(hier).setAttribute('tabindex', '-1');
    hier = element;
    teken(element).setAttribute('tabindex', '0');
    if (focus) teken(element).focus({ preventScroll: true });
    canvas.scrollToElement(element, 60);
  }

  function kies(element) {
    const model = vanModel(element);
    const stand = status[element.id] ?? {};
    const kop = document.createElement('strong');
    kop.textContent = naamVan(model);
    const uitleg = [stand.status && `(${stand.status})`, stand.tekst, model.documentation?.[0]?.text].filter(Boolean).join(' ');
    const delen = [kop, document.createTextNode(`${metSoort(model, ' – ').slice(naamVan(model).length)}. ${uitleg} `)];
    if (stand.url) {
      const link = document.createElement('a');
      link.className = 'utrecht-link';
      link.href = stand.url;
      link.textContent = 'Open de taak';
      delen.push(link);
    }
    paneel.replaceChildren(...delen);
    knopen.forEach((knoop) => canvas[knoop === element ? 'addMarker' : 'removeMarker'](knoop, 'gekozen'));
    document.querySelectorAll('.stap[data-element]').forEach((stap) => {
      const gekozen = stap.dataset.element === element.id;
      stap.classList.toggle('stap--gekozen', gekozen);
      if (gekozen) stap.scrollIntoView({ block: 'nearest' });
    });
  }

  function toets(element, event) {
    const zijwegen = () => {
      const alle = [...voor(element).flatMap(na), ...opRand(element), ...voor(element).flatMap(opRand)];
      const anders = [...new Set(alle)];
      return anders[(anders.indexOf(element) + 1) % anders.length];
    };
    const doe = {
      ArrowRight: () => naar(na(element)[0]),
      ArrowLeft: () => naar(voor(element)[0]),
      ArrowDown: () => naar(opRand(element)[0] ?? zijwegen()),
      ArrowUp: () => naar(zijwegen()),
      Home: () => naar(eerste),
      End: () => naar(knopen.findLast((knoop) => knoop.type === 'bpmn:EndEvent')),
      Enter: () => kies(element),
      ' ': () => kies(element),
    }[event.key];
    if (!doe) return;
    event.preventDefault();
    event.stopPropagation();
    doe();
  }

  for (const element of knopen) {
    const vorm = teken(element);
    vorm.setAttribute('role', 'button');
    vorm.setAttribute('tabindex', element === hier ? '0' : '-1');
    vorm.setAttribute('aria-label', zeg(element));
    // The words in a shape are broken into lines; a space keeps them apart for who hears them.
    vorm.querySelectorAll('tspan').forEach((regel) => regel.append(' '));
    vorm.addEventListener('keydown', (event) => toets(element, event));
  }
  viewer.on('element.click', ({ element }) => {
    const knoop = element.labelTarget ?? element;
    if (!knopen.includes(knoop)) return;
    naar(knoop, { focus: false });
    kies(knoop);
  });

  document.querySelectorAll('.stap[data-element]').forEach((stap) => {
    stap.addEventListener('click', (event) => {
      const element = register.get(stap.dataset.element);
      if (!element || event.target.closest('a, button')) return;
      naar(element, { focus: false });
      kies(element);
    });
  });

  return {
    eerste,
    stap(kant) {
      const volgende = kant > 0 ? na(hier)[0] : voor(hier)[0];
      if (!volgende) return;
      naar(volgende, { focus: false });
      kies(volgende);
    },
  };
}
