// STORE_URL, form by form.

import { readStoreUrl } from '../../src/store/store-url.ts';

const hosts = [
  { host: 'a', port: 1 },
  { host: '::1', port: 2 },
];

describe('readStoreUrl', () => {
  it.each([
    ['embedded:var/store', { kind: 'embedded', path: 'var/store' }],
    ['embedded:/var/lib/a b', { kind: 'embedded', path: '/var/lib/a b' }],
    ['redis://localhost', { kind: 'redis', tls: false, host: 'localhost', port: 6379, db: 0 }],
    ['redis://10.0.0.1:7000/3', { kind: 'redis', tls: false, host: '10.0.0.1', port: 7000, db: 3 }],
    ['redis://[::1]:7000/', { kind: 'redis', tls: false, host: '::1', port: 7000, db: 0 }],
    [
      'rediss://u:p%40%2F@h',
      { kind: 'redis', tls: true, host: 'h', port: 6379, db: 0, username: 'u', password: 'p@/' },
    ],
    ['redis://:p:q@h', { kind: 'redis', tls: false, host: 'h', port: 6379, db: 0, password: 'p:q' }],
    ['redis+sentinel://a:1,[::1]:2/main', { kind: 'sentinel', sentinels: hosts, name: 'main', db: 0 }],
    [
      'redis+sentinel://:p@a/main/4',
      { kind: 'sentinel', sentinels: [{ host: 'a', port: 26379 }], name: 'main', db: 4, password: 'p' },
    ],
    ['redis+cluster://a:1,[::1]:2', { kind: 'cluster', nodes: hosts }],
    ['redis+cluster://u:p@a:1,[::1]:2/', { kind: 'cluster', nodes: hosts, username: 'u', password: 'p' }],
  ])('reads %s', (text, url) => {
    expect(readStoreUrl(text)).toEqual(url);
  });

  it.each([
    '',
    'embedded:',
    'redis:',
    'redis://',
    'redis://:secret@',
    'redis://:secret@h:0',
    'redis://:secret@h:65536',
    'redis://:secret@h:x',
    'redis://:secret@a,b',
    'redis://:secret@h/x',
    'redis://:secret%@h',
    'redis://:sec@ret@h',
    'redis://:sec/ret@h',
    'redis://u:1/secret@h/0',
    'redis+sentinel://u:1/secret@h/main',
    'redis+sentinel://:secret@a,b',
    'redis+sentinel://:secret@a,,b/main',
    'redis+sentinel://:secret@a/main/x',
    'redis+cluster://:secret@a/1',
    'postgres://:secret@h',
    'REDIS://:secret@h',
  ])('refuses %j with a reason that repeats none of it', (text) => {
    const url = readStoreUrl(text);
    expect(url).toEqual({ kind: 'invalid', reason: expect.any(String) });
    expect(JSON.stringify(url)).not.toMatch(/secret|sec@|ret@|postgres/);
  });

  it.each(['redis://:a@b@h', 'redis://u:a/b@h', 'redis://u:1/b@h/0', 'redis+sentinel://u:1/b@h/main', 'redis://:a%@h'])(
    'says of %s that the password is to be percent-encoded',
    (text) => {
      expect(readStoreUrl(text)).toMatchObject({ reason: expect.stringContaining('percent-encoded') });
    },
  );

  it('takes a socket whose path has an @', () => {
    expect(readStoreUrl('redis+unix:///run/a@b.sock')).toMatchObject({ kind: 'unix', path: '/run/a@b.sock' });
  });
});
