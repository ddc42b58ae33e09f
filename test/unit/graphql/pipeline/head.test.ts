import { describe, expect, test } from 'vitest';
import { checkHead, type RequestHead } from '#graphql/pipeline/head.ts';
import { RequestError } from '#graphql/pipeline/reply.ts';

const JSON_TYPE = 'application/json; charset=utf-8';
const RESPONSE_TYPE = 'application/graphql-response+json; charset=utf-8';

/** The media type of the answer, or the status with which the request is refused. */
function check(method: string, headers: RequestHead['headers']): string | number {
  try {
    return checkHead({ method, headers, search: '', requestId: 'request-1' });
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return error.status;
  }
}

describe('the media type of an answer', () => {
  test.each<[string | undefined, string | number]>([
    [undefined, JSON_TYPE],
    ['*/*', JSON_TYPE],
    ['application/*', JSON_TYPE],
    ['application/json', JSON_TYPE],
    ['application/json; charset=utf-8', JSON_TYPE],
    ['application/graphql-response+json', RESPONSE_TYPE],
    ['application/graphql-response+json, application/json;q=0.9', RESPONSE_TYPE],
    ['application/graphql-response+json;q=0.5, application/json', JSON_TYPE],
    ['text/html, application/json;q=0.1', JSON_TYPE],
    [
      'multipart/mixed;deferSpec=20220824, application/graphql-response+json, application/json',
      RESPONSE_TYPE,
    ],
    ['text/plain', 406],
    ['text/html, image/*', 406],
    ['application/json;q=0', 406],
    ['', 406],
  ])('for Accept: %s is %s', (accept, right) => {
    const headers = { accept, 'content-type': 'application/json' };
    for (let time = 0; time < 2; time++) expect(check('POST', headers)).toBe(right);
  });

  test('is not confused by thousands of others', () => {
    for (let index = 0; index < 1000; index++) {
      expect(check('POST', { accept: `text/x${index}`, 'content-type': 'application/json' })).toBe(406);
    }
    expect(check('POST', { accept: '*/*', 'content-type': 'application/json' })).toBe(JSON_TYPE);
  });
});

describe('a POST', () => {
  test.each<[string | undefined, string | number]>([
    ['application/json', JSON_TYPE],
    ['APPLICATION/JSON; charset=UTF-8', JSON_TYPE],
    ['application/json ;charset=utf-8', JSON_TYPE],
    [undefined, 415],
    ['', 415],
    ['text/plain', 415],
    ['application/jsonx', 415],
    ['text/plain; application/json', 415],
    ['application/x-www-form-urlencoded', 415],
  ])('of type %s gets %s', (type, right) => {
    expect(check('POST', { 'content-type': type })).toBe(right);
  });
});

describe('a GET', () => {
  test.each<[RequestHead['headers'], string | number]>([
    [{}, 400],
    [{ 'content-type': 'text/plain' }, 400],
    [{ 'content-type': 'text/plain; application/json' }, 400],
    [{ 'content-type': '' }, 400],
    [{ authorization: '' }, 400],
    [{ cookie: 'a=b', origin: 'https://evil.example' }, 400],
    [{ authorization: 'Bearer a' }, JSON_TYPE],
    [{ 'apollo-require-preflight': '1' }, JSON_TYPE],
    [{ 'x-apollo-operation-name': 'A' }, JSON_TYPE],
    [{ 'content-type': 'application/json' }, JSON_TYPE],
  ])('with %j gets %s', (headers, right) => {
    expect(check('GET', headers)).toBe(right);
  });
});
