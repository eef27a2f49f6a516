// What every engine behind the store port must do, as tests. An engine's own test file says how to open it.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { bucketRow, packEntry, packShape, pageRow, shapeRow } from '../../src/store/paged-table.ts';
import { type Address, formatCursor, type Log, type Row, type Store } from '../../src/store/store.ts';

export interface Harness {
  readonly store: Store;
  /** Moves the time by which ttls run. */
  advance(seconds: number): Promise<void>;
  /** A second handle on the same data, open beside the first. The caller closes it. */
  reopen(): Promise<Store>;
  close(): Promise<void>;
}

export interface SuiteOptions {
  /** Rows of the bulk test. */
  readonly bulkRows?: number;
}

const text = (value: string) => Buffer.from(value);
const at = (id: string, partition = 'p'): Address => ({ partition, id });
const row = (id: string, table = 't', partition = 'p'): Address => ({ partition, table, id });
const logOf = (name = 'log', ttlSeconds = 3600): Log => ({ partition: 'p', name, ttlSeconds });

async function only(store: Store, address: Address): Promise<Buffer | undefined> {
  const [value] = await store.get([address]);
  return value;
}

async function append(store: Store, log: Log, ...values: string[]): Promise<void> {
  for (const value of values) await store.commit([], [{ kind: 'append', log, value: text(value) }]);
}

async function scanAll(store: Store, partition: string, table: string, batch?: number): Promise<Row[]> {
  const rows = new Map<string, Row>();
  for await (const some of store.scan(partition, table, batch)) for (const one of some) rows.set(one.id, one);
  return [...rows.values()];
}

const AWKWARD_NAMES = [
  'a',
  'a:',
  'a:b',
  'ab',
  'a\0',
  'a\0b',
  '',
  ':',
  '\0',
  '\u00e4',
  'a\u0308',
  '😀',
  'v:a',
  '*',
  'a*',
  '?',
  '[a]',
  'x'.repeat(400),
];

export function describeStore(
  name: string,
  open: () => Promise<Harness>,
  { bulkRows = 100_000 }: SuiteOptions = {},
): void {
  describe(name, () => {
    let harness: Harness;
    let store: Store;
    beforeAll(async () => {
      harness = await open();
      ({ store } = harness);
    });
    afterEach(async () => {
      for (const partition of ['p', 'p2', 'q', 'p*', 'P']) await store.erase(partition);
    });
    afterAll(() => harness.close());

    describe('single values', () => {
      it('returns what was put, and undefined for what was not, in the order asked', async () => {
        await store.put(at('one'), text('1'));
        await store.put(at('three'), text('3'));
        expect(await store.get([at('three'), at('two'), at('one')])).toEqual([text('3'), undefined, text('1')]);
      });
      it('gets nothing for no addresses', async () => {
        expect(await store.get([])).toEqual([]);
      });
      it.each([
        ['empty', Buffer.alloc(0)],
        ['every byte', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
        ['not UTF-8', Buffer.from([0xff, 0xfe, 0x00, 0xc0, 0x80])],
        ['Unicode', text('Zoë 😀 ß ﬀ')],
        ['100 KB', Buffer.alloc(100_000, 7)],
      ])('keeps a value byte for byte: %s', async (_, value) => {
        await store.put(at('v'), value);
        await store.put(row('v'), value);
        expect(await store.get([at('v'), row('v')])).toEqual([value, value]);
        expect(await store.commit([{ at: at('v'), oneOf: [value] }], [])).toBe(true);
        expect(await store.take(at('v'))).toEqual(value);
      });
      it('replaces and removes; removing what is absent is fine', async () => {
        await store.put(at('v'), text('1'));
        await store.put(at('v'), text('2'));
        expect(await only(store, at('v'))).toEqual(text('2'));
        await store.remove(at('v'));
        await store.remove(at('v'));
        expect(await only(store, at('v'))).toBeUndefined();
      });
      it('writes only if absent', async () => {
        for (const address of [at('v'), row('v')]) {
          expect(await store.put(address, text('1'), { onlyIfAbsent: true })).toBe(true);
          expect(await store.put(address, text('2'), { onlyIfAbsent: true })).toBe(false);
          expect(await only(store, address)).toEqual(text('1'));
        }
      });
      it('lets exactly one of a hundred claim an address', async () => {
        const other = await harness.reopen();
        const claims = Array.from({ length: 100 }, (_, n) =>
          (n % 2 ? store : other).put(at('c'), text(`${n}`), { onlyIfAbsent: true, ttlSeconds: 60 }),
        );
        expect((await Promise.all(claims)).filter((won) => won)).toHaveLength(1);
        await other.close();
      });
      it('gives a taken value to exactly one of a hundred takers', async () => {
        const other = await harness.reopen();
        for (const address of [at('once'), row('once')]) {
          await store.put(address, text('prize'));
          const takers = Array.from({ length: 100 }, (_, n) => (n % 2 ? store : other).take(address));
          expect((await Promise.all(takers)).filter((value) => value !== undefined)).toEqual([text('prize')]);
        }
        await other.close();
      });
      it('shows a resolved write to a second handle at once', async () => {
        const other = await harness.reopen();
        for (let n = 0; n < 50; n += 1) {
          await store.put(at('seen'), text(`${n}`));
          expect(await only(other, at('seen'))).toEqual(text(`${n}`));
        }
        await other.close();
      });
    });

    describe('ttl', () => {
      it('hides a value whose ttl has run out from every verb', async () => {
        await store.put(at('v'), text('1'), { ttlSeconds: 60 });
        await store.put(at('w'), text('1'), { ttlSeconds: 60 });
        await harness.advance(50);
        expect(await only(store, at('v'))).toEqual(text('1'));
        await harness.advance(11);
        expect(await store.get([at('v')])).toEqual([undefined]);
        expect(await store.take(at('v'))).toBeUndefined();
        expect(await store.commit([{ at: at('v'), oneOf: [text('1')] }], [])).toBe(false);
        expect(await store.commit([{ at: at('v'), oneOf: [undefined] }], [])).toBe(true);
        expect(await store.put(at('w'), text('2'), { onlyIfAbsent: true })).toBe(true);
      });
      it('forgets the old ttl when the value is put again without one', async () => {
        await store.put(at('v'), text('1'), { ttlSeconds: 60 });
        await store.put(at('v'), text('2'));
        await harness.advance(61);
        expect(await only(store, at('v'))).toEqual(text('2'));
      });
      it('keeps the ttl of a commit', async () => {
        await store.commit([], [{ kind: 'put', at: at('v'), value: text('1'), ttlSeconds: 0.5 + 60 }]);
        await harness.advance(59);
        expect(await only(store, at('v'))).toEqual(text('1'));
        await harness.advance(2);
        expect(await only(store, at('v'))).toBeUndefined();
      });
      it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses a ttl of %p', async (ttlSeconds) => {
        await expect(store.put(at('v'), text('1'), { ttlSeconds })).rejects.toThrow(TypeError);
      });
      it('refuses a ttl in a table', async () => {
        await expect(store.put(row('v'), text('1'), { ttlSeconds: 1 })).rejects.toThrow(TypeError);
      });
    });

    describe('commit', () => {
      it('does all or nothing', async () => {
        await store.put(at('a'), text('1'));
        const writes = [
          { kind: 'put', at: at('b'), value: text('2') },
          { kind: 'put', at: row('r'), value: text('3') },
          { kind: 'remove', at: at('a') },
          { kind: 'append', log: logOf(), value: text('4') },
        ] as const;
        const unmet = [
          { at: at('a'), oneOf: [text('1')] },
          { at: row('r'), oneOf: [text('x')] },
        ];
        expect(await store.commit(unmet, writes)).toBe(false);
        expect(await store.get([at('a'), at('b'), row('r')])).toEqual([text('1'), undefined, undefined]);
        expect(await store.page(logOf(), {}, 10)).toEqual([]);
        expect(
          await store.commit(
            [
              { at: row('r'), oneOf: [undefined] },
              { at: at('a'), oneOf: [text('0'), text('1')] },
            ],
            writes,
          ),
        ).toBe(true);
        expect(await store.get([at('a'), at('b'), row('r')])).toEqual([undefined, text('2'), text('3')]);
        expect((await store.page(logOf(), {}, 10)).map(({ value }) => value)).toEqual([text('4')]);
      });
      it.each([
        ['absent or a value, absent', undefined, [undefined, text('x')], true],
        ['absent or a value, the value', text('x'), [undefined, text('x')], true],
        ['absent or a value, another', text('y'), [undefined, text('x')], false],
        ['an empty value is not absent', Buffer.alloc(0), [undefined], false],
        ['absent is not an empty value', undefined, [Buffer.alloc(0)], false],
        ['nothing is allowed', undefined, [], false],
      ])('checks a condition: %s', async (_, value, oneOf, met) => {
        if (value !== undefined) await store.put(at('v'), value);
        expect(await store.commit([{ at: at('v'), oneOf }], [])).toBe(met);
      });
      it.each([
        ['absent', undefined, true, 'x'],
        ['the same', 'x', true, 'x'],
        ['another', 'y', false, 'y'],
      ])('puts a row where none or the same exists, with all else or nothing: %s', async (_, before, done, after) => {
        if (before !== undefined) await store.put(row('link'), text(before));
        await store.put(at('a'), text('1'));
        const link = { at: row('link'), oneOf: [undefined, text('x')] };
        const writes = [
          { kind: 'put', at: row('link'), value: text('x') },
          { kind: 'put', at: at('b'), value: text('2') },
        ] as const;
        expect(await store.commit([{ at: at('a'), oneOf: [text('1')] }, link], writes)).toBe(done);
        expect(await store.get([row('link'), at('b')])).toEqual([text(after), done ? text('2') : undefined]);
        expect(await store.commit([link, { at: at('a'), oneOf: [text('no')] }], writes)).toBe(false);
        expect(await store.get([row('link')])).toEqual([text(after)]);
      });
      it('puts no row where another condition is not met', async () => {
        const link = { at: row('link'), oneOf: [undefined, text('x')] };
        const put = { kind: 'put', at: row('link'), value: text('x') } as const;
        expect(await store.commit([link, { at: at('a'), oneOf: [text('1')] }], [put])).toBe(false);
        expect(await store.get([row('link')])).toEqual([undefined]);
      });
      it('loses none of a hundred racing increments', async () => {
        const other = await harness.reopen();
        async function increment(through: Store): Promise<void> {
          for (;;) {
            const before = await only(through, at('n'));
            const value = text(`${Number(before ?? 0) + 1}`);
            if (await through.commit([{ at: at('n'), oneOf: [before] }], [{ kind: 'put', at: at('n'), value }])) return;
          }
        }
        await Promise.all(Array.from({ length: 100 }, (_, n) => increment(n % 2 ? store : other)));
        expect(await only(store, at('n'))).toEqual(text('100'));
        await other.close();
      });
      it('refuses addresses of two partitions', async () => {
        const write = { kind: 'remove', at: at('a', 'q') } as const;
        await expect(store.commit([{ at: at('a'), oneOf: [undefined] }], [write])).rejects.toThrow(TypeError);
        await expect(store.get([at('a'), at('a', 'q')])).rejects.toThrow(TypeError);
      });
    });

    describe('tables', () => {
      const load = (rows: readonly Row[], table = 't') => store.load('p', table, rows);
      const find = async (keys: string[], tables = ['t']) =>
        (await store.find('p', tables, keys)).map(({ id, table }) => `${table}/${id}`).sort();

      it('finds rows by any of their index keys, each once', async () => {
        await load([
          { id: '1', value: text('one'), index: ['a', 'b'] },
          { id: '2', value: text('two'), index: ['b'] },
          { id: '3', value: text('three') },
        ]);
        await load([{ id: '1', value: text('uno'), index: ['a'] }], 'u');
        expect(await find(['a', 'b'])).toEqual(['t/1', 't/2']);
        expect(await find(['a', 'x'], ['t', 'u', 'none'])).toEqual(['t/1', 'u/1']);
        expect(await store.find('p', ['t'], ['a'])).toEqual([{ id: '1', value: text('one'), table: 't' }]);
        expect(await find([])).toEqual([]);
        expect(await find(['a'], [])).toEqual([]);
      });
      it('returns the index keys that more than one row has, in one batch and across batches', async () => {
        expect(
          await load([
            { id: '1', value: text('1'), index: ['a', 'b'] },
            { id: '2', value: text('2'), index: ['b', 'c'] },
          ]),
        ).toEqual(['b']);
        expect((await load([{ id: '3', value: text('3'), index: ['a', 'd'] }])).sort()).toEqual(['a']);
        expect((await load([{ id: '1', value: text('1'), index: ['a', 'b'] }])).sort()).toEqual(['a', 'b']);
        expect(await load([{ id: '9', value: text('9'), index: ['a'] }], 'u')).toEqual([]);
      });
      it('takes a row loaded again for the same row', async () => {
        expect(await load([{ id: '1', value: text('1'), index: ['a'] }])).toEqual([]);
        expect(
          await load([
            { id: '1', value: text('2'), index: ['a', 'b', 'b'] },
            { id: '1', value: text('3'), index: ['a'] },
          ]),
        ).toEqual([]);
        expect(await store.find('p', ['t'], ['a'])).toEqual([{ id: '1', value: text('3'), table: 't' }]);
        expect(await store.count('p', 't')).toBe(1);
      });
      it('adds new index keys of a row to the old', async () => {
        await load([{ id: '1', value: text('1'), index: ['a'] }]);
        await load([{ id: '1', value: text('2'), index: ['b'] }]);
        expect([await find(['a']), await find(['b'])]).toEqual([['t/1'], ['t/1']]);
      });
      it('neither finds nor counts a removed row', async () => {
        await load([
          { id: '1', value: text('1'), index: ['a'] },
          { id: '2', value: text('2'), index: ['a'] },
        ]);
        await store.remove(row('1'));
        expect(await find(['a'])).toEqual(['t/2']);
        expect(await store.count('p', 't')).toBe(1);
        expect(await load([{ id: '2', value: text('2'), index: ['a'] }])).toEqual([]);
        await store.take(row('2'));
        expect(await load([{ id: '3', value: text('3'), index: ['a'] }])).toEqual([]);
        expect(await find(['a'])).toEqual(['t/3']);
      });
      it('keeps many rows under one key', async () => {
        const rows = Array.from({ length: 1500 }, (_, n) => ({ id: `r${n}`, value: text(`${n}`), index: ['all'] }));
        expect(await load(rows)).toEqual(['all']);
        expect(await find(['all'])).toHaveLength(1500);
      });
      it('drops a table with its index, and no other', async () => {
        await load([
          { id: '1', value: text('1'), index: ['a'] },
          { id: '2', value: text('2'), index: ['a'] },
        ]);
        await load([{ id: '1', value: text('1'), index: ['a'] }], 't2');
        await store.drop('p', 't');
        expect(await store.count('p', 't')).toBe(0);
        expect(await find(['a'], ['t', 't2'])).toEqual(['t2/1']);
        expect(await load([{ id: '5', value: text('5'), index: ['a'] }])).toEqual([]);
        expect(await find(['a'])).toEqual(['t/5']);
      });
      const shaped = (pages: number, buckets: number): Row => ({ id: shapeRow, value: packShape({ pages, buckets }) });
      const hex = (first: string, rest = '0') => first.padEnd(8, '0').padEnd(32, rest);
      const [low, high, key] = [hex('1', 'a'), hex('f', 'b'), hex('8', 'c')];
      const paged = (...rows: Row[]): Row[] => [
        shaped(4, 2),
        { id: pageRow(0), value: text('page of low') },
        { id: pageRow(3), value: text('page of high') },
        ...rows,
      ];

      it('looks ids up in the page that their first bits name', async () => {
        await load(paged());
        const [found] = await store.lookUp('p', ['t'], [], [low, high, hex('7')]);
        expect(found?.ids).toEqual([low, high, hex('7')]);
        expect(found?.pages).toEqual([
          { id: pageRow(0), value: text('page of low') },
          { id: pageRow(3), value: text('page of high') },
        ]);
      });
      it('looks keys up by their bucket, each page once, and takes no entry for another that it overlaps', async () => {
        const overlapping = Buffer.concat([Buffer.from(key, 'hex').subarray(8), Buffer.alloc(8)]).toString('hex');
        const bucket = Buffer.concat([packEntry(hex('9'), high), packEntry(key, low), packEntry(key, hex('2'))]);
        await load(paged({ id: bucketRow(1), value: bucket }));
        expect(await store.lookUp('p', ['t'], [key], [low])).toEqual([
          { table: 't', ids: [low, hex('2')], pages: [{ id: pageRow(0), value: text('page of low') }] },
        ]);
        expect(await store.lookUp('p', ['t'], [hex('0', '1'), overlapping], [])).toEqual([
          { table: 't', ids: [], pages: [] },
        ]);
      });
      it('looks up in several tables at once, and finds nothing in one that is not paged', async () => {
        await load(paged());
        await load([shaped(1, 1), { id: pageRow(0), value: text('other') }], 'u');
        await load([{ id: '1', value: text('1') }], 'v');
        const found = await store.lookUp('p', ['t', 'u', 'v', 'none', 't'], [], [high]);
        expect(found.map(({ table, pages }) => [table, ...pages.map(({ value }) => value.toString())])).toEqual([
          ['t', 'page of high'],
          ['u', 'other'],
          ['v'],
          ['none'],
        ]);
        expect(await store.lookUp('p', [], [], [high])).toEqual([]);
      });
      it.each(['', 'x', 'A'.repeat(32), '0'.repeat(31)])('refuses to look %j up', async (id) => {
        await expect(store.lookUp('p', ['t'], [], [id])).rejects.toThrow(TypeError);
        await expect(store.lookUp('p', ['t'], [id], [])).rejects.toThrow(TypeError);
      });
      it('shows every row to a scan that is written to meanwhile', async () => {
        await load(Array.from({ length: 3000 }, (_, n) => ({ id: `r${n}`, value: text(`${n}`) })));
        const seen = new Set<string>();
        let extra = 0;
        for await (const some of store.scan('p', 't', 100)) {
          for (const { id } of some) seen.add(id);
          extra += 1;
          await store.put(row(`new${extra}`), text('x'));
        }
        expect([...seen].filter((id) => id.startsWith('r'))).toHaveLength(3000);
      });
      it(`loads, finds, counts, scans and drops ${bulkRows} rows`, async () => {
        const rowsFrom = (start: number, size: number) =>
          Array.from({ length: size }, (_, n) => ({
            id: `id${start + n}`,
            value: Buffer.alloc(200, (start + n) % 251),
            index: [`e${start + n}`, `c${start + n}`, `s${Math.floor((start + n) / 2)}`],
          }));
        let shared = 0;
        for (let start = 0; start < bulkRows; start += 500) shared += (await load(rowsFrom(start, 500))).length;
        expect(shared).toBe(bulkRows / 2);
        expect(await store.count('p', 't')).toBe(bulkRows);
        expect(await find([`e${bulkRows - 1}`])).toEqual([`t/id${bulkRows - 1}`]);
        expect(await find(['s7'])).toEqual(['t/id14', 't/id15']);
        const rows = await scanAll(store, 'p', 't');
        expect(rows).toHaveLength(bulkRows);
        expect(rows.every(({ id, value }) => value.length === 200 && value[0] === Number(id.slice(2)) % 251)).toBe(
          true,
        );
        await store.drop('p', 't');
        expect([await store.count('p', 't'), await find(['s7'])]).toEqual([0, []]);
      }, 300_000);
    });

    describe('isolation', () => {
      it('keeps awkward names apart', async () => {
        for (const name of AWKWARD_NAMES) {
          await store.put(at(name), text(`v${name}`));
          await store.put(row(name, 'rows'), text(`r${name}`));
          await store.load('p', `t${name}`, [{ id: name, value: text(`l${name}`), index: [name] }]);
          await append(store, logOf(name), `g${name}`);
        }
        for (const name of AWKWARD_NAMES) {
          expect(await store.get([at(name), row(name, 'rows')])).toEqual([text(`v${name}`), text(`r${name}`)]);
          expect(await store.find('p', [`t${name}`], AWKWARD_NAMES)).toEqual([
            { id: name, value: text(`l${name}`), table: `t${name}` },
          ]);
          expect(await store.count('p', `t${name}`)).toBe(1);
          expect((await store.page(logOf(name), {}, 10)).map(({ value }) => value)).toEqual([text(`g${name}`)]);
        }
      });
      it.each(['', 'a{b', 'a}b', 'a\0b', 'a\nb', '\ud800', 'x'.repeat(481)])(
        'refuses the partition %j',
        async (partition) => {
          await expect(store.put({ partition, id: 'i' }, text('1'))).rejects.toThrow(TypeError);
        },
      );
      it('refuses names it could not keep apart or hold', async () => {
        await expect(store.put(at('\ud800'), text('1'))).rejects.toThrow(TypeError);
        await expect(store.put(at('x'.repeat(481)), text('1'))).rejects.toThrow(TypeError);
      });
      it('erases exactly one partition', async () => {
        const partitions = ['p', 'p2', 'q', 'P', 'p*'];
        for (const partition of partitions) {
          await store.put(at('v', partition), text('1'));
          await store.put(at('ttl', partition), text('1'), { ttlSeconds: 600 });
          await store.load(partition, 't', [
            { id: '1', value: text('1'), index: ['a'] },
            { id: '2', value: text('1'), index: ['a'] },
          ]);
          await append(store, { partition, name: 'log', ttlSeconds: 60 }, '1');
        }
        const counts = async (partition: string) => [
          (await store.get([at('v', partition), at('ttl', partition)])).filter((value) => value !== undefined).length,
          await store.count(partition, 't'),
          (await store.find(partition, ['t'], ['a'])).length,
          (await store.page({ partition, name: 'log' }, {}, 10)).length,
        ];
        await store.erase('p*');
        await store.erase('p');
        expect([await counts('p'), await counts('p*')]).toEqual([
          [0, 0, 0, 0],
          [0, 0, 0, 0],
        ]);
        for (const partition of ['p2', 'q', 'P']) expect(await counts(partition)).toEqual([2, 2, 2, 1]);
        for await (const [key] of store.dump()) expect(key.toString('latin1')).not.toMatch(/\{p\*?\}/);
      });
    });

    describe('logs', () => {
      const values = (entries: readonly { value: Buffer }[]) => entries.map(({ value }) => value.toString());

      it('pages in the order of appending, both ways', async () => {
        const names = Array.from({ length: 25 }, (_, n) => `e${n}`);
        await append(store, logOf(), ...names);
        const all = await store.page(logOf(), {}, 100);
        expect(values(all)).toEqual(names);
        const cursors = all.map(({ cursor }) => cursor);
        expect([...cursors].sort()).toEqual(cursors);
        expect(new Set(cursors).size).toBe(25);
        expect(values(await store.page(logOf(), { after: cursors[9] }, 5))).toEqual(names.slice(10, 15));
        expect(values(await store.page(logOf(), { before: cursors[9] }, 5))).toEqual(names.slice(4, 9).reverse());
        expect(values(await store.page(logOf(), { before: undefined }, 3))).toEqual(['e24', 'e23', 'e22']);
        expect(values(await store.page(logOf(), { before: cursors[0] }, 3))).toEqual([]);
        expect(values(await store.page(logOf(), { after: cursors[24] }, 3))).toEqual([]);
        expect(values(await store.page(logOf(), { before: formatCursor(999_999_999_999_999, 0) }, 1))).toEqual(['e24']);
        expect(values(await store.page(logOf(), { after: formatCursor(0, 0) }, 1))).toEqual(['e0']);
        expect(await store.page(logOf(), {}, 0)).toEqual([]);
      });
      it('misses and repeats nothing for a reader while two writers append', async () => {
        const other = await harness.reopen();
        const read: string[] = [];
        let after: string | undefined;
        const readOn = async () => {
          const entries = await store.page(logOf(), { after }, 7);
          read.push(...values(entries));
          after = entries.at(-1)?.cursor ?? after;
          return entries.length;
        };
        const write = async (through: Store, name: string) => {
          for (let n = 0; n < 40; n += 1) await append(through, logOf(), `${name}${n}`);
        };
        let isWriting = true;
        const writers = Promise.all([write(store, 'a'), write(other, 'b')]).then(() => {
          isWriting = false;
        });
        while (isWriting) {
          await readOn();
          await nextTurn();
        }
        await writers;
        while ((await readOn()) > 0);
        expect(read.filter((value) => value.startsWith('a'))).toEqual(Array.from({ length: 40 }, (_, n) => `a${n}`));
        expect(read.filter((value) => value.startsWith('b'))).toEqual(Array.from({ length: 40 }, (_, n) => `b${n}`));
        await other.close();
      });
      it('hides entries whose ttl has run out, and goes on with the cursor of one that is gone', async () => {
        await append(store, logOf('log', 100), 'old1', 'old2');
        const [first] = await store.page(logOf(), {}, 1);
        await harness.advance(60);
        await append(store, logOf('log', 100), 'new');
        expect(values(await store.page(logOf(), {}, 1))).toEqual(['old1']);
        await harness.advance(60);
        expect(values(await store.page(logOf(), {}, 1))).toEqual(['new']);
        expect(values(await store.page(logOf(), { before: undefined }, 5))).toEqual(['new']);
        expect(values(await store.page(logOf(), { after: first?.cursor }, 1))).toEqual(['new']);
        await harness.advance(60);
        expect(await store.page(logOf(), {}, 5)).toEqual([]);
        await append(store, logOf('log', 100), 'again');
        expect(values(await store.page(logOf(), { after: first?.cursor }, 5))).toEqual(['again']);
      });
      it.each(['', 'x', '0', '1-1', '(5'])('refuses the cursor %j', async (cursor) => {
        await expect(store.page(logOf(), { after: cursor }, 1)).rejects.toThrow(TypeError);
      });
    });

    it('dumps every value', async () => {
      await store.put(at('v'), text('single-value'));
      await store.load('p', 't', [
        { id: 'row-1', value: text('row-value'), index: ['key-1'] },
        { id: 'row-2', value: text('row-value'), index: ['key-1'] },
      ]);
      await append(store, logOf('name'), 'log-value');
      let all = '';
      for await (const [key, value] of store.dump()) all += `${key.toString('latin1')}\n${value.toString('latin1')}\n`;
      for (const needle of ['single-value', 'row-value', 'log-value', 'row-1', 'row-2', 'key-1', 'name'])
        expect(all).toContain(needle);
    });
    it('answers a ping, and rejects every verb when closed', async () => {
      await store.ping();
      const other = await harness.reopen();
      await other.close();
      await other.close();
      await expect(only(other, at('v'))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
      await expect(other.put(at('v'), text('1'))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
      await store.ping();
    });
  });
}
