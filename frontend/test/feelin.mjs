// Answers FEEL with feelin, the evaluator of the editors: one JSON question a line on stdin,
// {"expression", "unary", "context", "functions"}, and one {"answer", "warnings"} or {"error"} a
// line on stdout. Functions of the host always answer the same. With "page" it is not feelin that
// answers, but what our own pages know of FEEL to hide a field: true, false or null.
// Values with a type travel as {"@type", "@value"}, as `routeflow feel --typed --jsonl` writes them.
import { evaluate, unaryTest } from 'feelin';
import { createInterface } from 'node:readline';
import { weeg } from '../src/verberg.js';

const TYPES = {
  FeelDate: () => 'date',
  FeelTime: () => 'time',
  FeelDateTime: () => 'date and time',
  FeelDuration: (text) => (/^-?P(\d+Y)?(\d+M)?$/.test(text) ? 'years and months duration' : 'days and time duration'),
};
const plain = (value) => value?.constructor === Object;

function read(value) {
  if (Array.isArray(value)) return value.map(read);
  if (!plain(value)) return value;
  if (!('@type' in value)) return map(value, read);
  if (value['@type'] === 'number') return Number(value['@value']);
  return evaluate(`@${JSON.stringify(value['@value'])}`).value;
}

function write(value) {
  if (value === undefined) return null;
  if (value === null || ['number', 'string', 'boolean'].includes(typeof value)) return value;
  if (Array.isArray(value)) return value.map(write);
  if (plain(value)) return map(value, write);
  const kind = TYPES[value.constructor.name];
  return kind ? { '@type': kind(String(value)), '@value': String(value) } : String(value);
}

// feelin looks at how many parameters a function declares
const lend = ({ takes, gives }) => (takes ? (_) => read(gives) : () => read(gives));

const map = (object, each) =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, each(value)]));

// a page knows plain values only
const known = (value) => (plain(value) ? undefined : value);

function answer({ expression, unary, page, context, functions }) {
  if (page) return { answer: weeg(expression, (name) => known(context[name])) };
  const scope = { ...read(context ?? {}), ...map(functions ?? {}, lend) };
  try {
    const { value, warnings } = (unary ? unaryTest : evaluate)(expression, scope);
    return { answer: write(value), warnings: (warnings ?? []).map((one) => one.message) };
  } catch (error) {
    return { error: error.message };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(answer(JSON.parse(line))));
}
