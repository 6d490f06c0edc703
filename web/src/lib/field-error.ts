// What a form says under a field that the server would not take: the code in words, with its limits.
// The pointer finds the field, so a form needs no list of rules of its own.

import { asProblem, type ApiProblem, type FieldError } from './api/problem';

/** The sentence of one field error; `word` is what the form calls the field. */
export function fieldErrorText(error: FieldError, word: string): string {
  const limits = error.params ?? {};
  switch (error.code) {
    case 'required':
    case 'missing':
      return `${word} is needed.`;
    case 'already-exists':
      return `${word} belongs to somebody else already.`;
    case 'out-of-range':
      return range(word, limits['min'], limits['max']);
    case 'too-long':
      return limits['max'] === undefined ? `${word} is too long.` : `${word} is too long: at most ${String(limits['max'])} characters.`;
    case 'unknown-reference':
      return `${word} refers to something that does not exist.`;
    case 'wrong-format':
      return `${word} is not in the expected form.`;
    default:
      return `${word} was not taken (${error.code}).`;
  }
}

function range(word: string, min: unknown, max: unknown): string {
  if (min !== undefined && max !== undefined) return `${word} must be between ${String(min)} and ${String(max)}.`;
  if (min !== undefined) return `${word} must be at least ${String(min)}.`;
  if (max !== undefined) return `${word} must be at most ${String(max)}.`;
  return `${word} is out of range.`;
}

/** Splits a refusal into sentences per field, and whether anything is left to say above the form. */
export function formErrors<F extends string>(thrown: unknown, words: Record<F, string>): { fields: Partial<Record<F, string>>; rest: ApiProblem | null } {
  const problem = asProblem(thrown);
  const fields: Partial<Record<F, string>> = {};
  for (const name of Object.keys(words) as F[]) {
    const error = problem.field(`/${name}`);
    if (error) fields[name] = fieldErrorText(error, words[name]);
  }
  return { fields, rest: Object.keys(fields).length > 0 ? null : problem };
}
