import { describe, expect, test } from 'vitest';
import { stem } from './stem.ts';
import { tokensOf } from './tokens.ts';

describe('stems', () => {
  test('forms of a word meet', () => {
    expect(['retry', 'retries', 'retried', 'retrying'].map(stem)).toEqual(['retri', 'retri', 'retri', 'retri']);
    expect(['duplicate', 'duplicated', 'duplication'].map(stem)).toEqual(['duplic', 'duplic', 'duplic']);
    expect(['lost', 'losing', 'lose'].map(stem)).toEqual(['lose', 'lose', 'lose']);
  });

  test('words that Porter published keep their stems', () => {
    expect(['caresses', 'ponies', 'hopping', 'relational', 'conditional', 'vietnamization', 'electriciti', 'hopefulness', 'adjustable', 'controll', 'feed', 'agreed', 'sky', 'happy'].map(stem))
      .toEqual(['caress', 'poni', 'hop', 'relat', 'condit', 'vietnam', 'electr', 'hope', 'adjust', 'control', 'feed', 'agre', 'sky', 'happi']);
  });

  test('British and American spelling meet', () => {
    expect(stem('serialised')).toBe(stem('serialized'));
    expect(stem('behaviour')).toBe(stem('behavior'));
    expect(stem('catalogue')).toBe(stem('catalog'));
  });

  test('what is not plain English stays as it is', () => {
    expect(['503', 'p99', 'größe', '重試'].map(stem)).toEqual(['503', 'p99', 'größe', '重試']);
  });
});

describe('tokens', () => {
  test('carry their place in the text', () => {
    const text = 'The payment  failed!';
    expect(tokensOf(text).map(({ start, end }) => text.slice(start, end))).toEqual(['The', 'payment', 'failed']);
  });

  test('small words say nothing, but stay for phrases', () => {
    expect(tokensOf('it timed out again').map(({ stem: each, says }) => [each, says])).toEqual([['it', false], ['time', true], ['out', false], ['again', true]]);
  });

  test('the name of an exception is its words', () => {
    expect(said('java.net.SocketTimeoutException')).toEqual(['java', 'net', 'socket', 'timeout', 'except']);
    expect(said('HTTPServerError')).toEqual(['http', 'server', 'error']);
  });

  test('of numbers only status codes speak, identifiers never', () => {
    expect(said('503 after 30s in 2026, id 9f86d081884c7d65, 42 times')).toEqual(['503', 'id', 'time']);
  });

  test('accents and apostrophes do not part words', () => {
    expect(said("the café's client doesn’t answer")).toEqual(['cafe', 'client', 'answer']);
  });

  test('what lies behind ten thousand characters is not read', () => {
    expect(said(`${'x'.repeat(9_990)} payment payment`)).toEqual(['payment']);
  });
});

function said(text: string): string[] {
  return tokensOf(text).filter(({ says }) => says).map((token) => token.stem);
}
