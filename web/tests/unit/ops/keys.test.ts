import { describe, expect, it } from 'vitest';
import { isTyping, mayAct, readKey, WORD_MS, type KeyTarget } from '../../../src/ops/shell/keys';

const known = new Set(['j', 'k', 'a', 'Enter', '?', 'g l', 'g o']);
const page: KeyTarget = { tag: 'BODY', type: '', editable: false, inDialog: false, pressable: false };

describe('reading keys', () => {
  it('takes single keys at once', () => {
    expect(readKey(null, 'j', 0, known)).toEqual({ command: 'j', pending: null });
  });

  it('waits for the second letter of a word', () => {
    const first = readKey(null, 'g', 1000, known);
    expect(first.command).toBeNull();
    expect(readKey(first.pending, 'o', 1400, known).command).toBe('g o');
  });

  it('forgets the first letter when the second comes late', () => {
    const first = readKey(null, 'g', 0, known);
    expect(readKey(first.pending, 'l', WORD_MS + 1, known)).toEqual({ command: null, pending: null });
  });

  it('takes a single key after a letter that led nowhere', () => {
    const first = readKey(null, 'g', 0, known);
    expect(readKey(first.pending, 'k', 10, known).command).toBe('k');
  });

  it('ignores keys that nobody added', () => {
    expect(readKey(null, 'z', 0, known)).toEqual({ command: null, pending: null });
  });
});

describe('when shortcuts may act', () => {
  it('never while somebody types', () => {
    expect(isTyping({ ...page, tag: 'INPUT', type: 'text' })).toBe(true);
    expect(isTyping({ ...page, tag: 'TEXTAREA' })).toBe(true);
    expect(isTyping({ ...page, editable: true })).toBe(true);
    expect(mayAct({ ...page, tag: 'INPUT', type: 'search' }, 'j')).toBe(false);
  });

  it('a radio or a checkbox is not typing', () => {
    expect(mayAct({ ...page, tag: 'INPUT', type: 'radio' }, 'j')).toBe(true);
  });

  it('never behind a dialog', () => {
    expect(mayAct({ ...page, inDialog: true }, 'j')).toBe(false);
  });

  it('leaves Enter to buttons and links', () => {
    expect(mayAct({ ...page, pressable: true }, 'Enter')).toBe(false);
    expect(mayAct({ ...page, pressable: true }, 'j')).toBe(true);
    expect(mayAct(page, 'Enter')).toBe(true);
  });
});
