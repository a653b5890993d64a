// The server, asked through the SDK's own client. PGHOST and the like name a
// database with the entities that test/mcp.sql makes; PT_MCP_SERVER another
// program to start, if it is not to be server.js.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import pg from 'pg';
import { cut, failure, fit, table, tokens } from '../answer.js';

const parse = 'c:fn:parse:src/parse.c:5-90';
const main = 'c:fn:main:src/main.c:1-20';
const program = fileURLToPath(new URL('../server.js', import.meta.url));
const clients = [];

async function start(environment = {}) {
	const client = new Client({ name: 'test', version: '1' });
	await client.connect(new StdioClientTransport({ command: process.execPath, args: [program], env: { ...process.env, ...environment } }));
	clients.push(client);
	return client;
}

async function ask(client, name, input) {
	const result = await client.callTool({ name, arguments: input });
	assert.equal(result.content.length, 1);
	return { text: result.content[0].text, failed: result.isError === true };
}

let client;
before(async () => { client = await start(); });
after(() => Promise.all(clients.map((one) => one.close())));

test('a dozen tools, with described arguments', async () => {
	const { tools } = await client.listTools();
	assert.deepEqual(tools.map((tool) => tool.name).sort(),
		['callers', 'context', 'diff', 'help', 'important', 'path', 'possible_callers', 'radius', 'search', 'sql', 'tests', 'tree']);
	for (const tool of tools) {
		assert.ok(tool.description.length > 20, tool.name);
		assert.equal(tool.annotations.readOnlyHint, true);
		assert.equal(tool.inputSchema.type, 'object');
	}
});

test('each answers', async () => {
	const questions = [
		['search', { query: 'pars' }, new RegExp(`${parse}\tfunction`)],
		['context', { keys: [parse] }, /## c:fn:parse[^]*int parse[^]*## c:fn:run[^]*left out: 0 of/],
		['radius', { key: parse }, /^place\tkey\tdistance\tcertain\n[^]*c:fn:main:src\/main.c:1-20\t2\ttrue[^]*Not followed, but may mean this: 1 unresolved reference;/],
		['radius', { key: parse, max_rows: 1 }, /\n1\tc:fn:check_parse:test\/parse.c:1-9\t1\ttrue\nThere are more, 3 in all/],
		['radius', { key: parse, after_key: 'c:fn:run:src/main.c:22-40' }, /\n3\tc:fn:main:[^\n]*\nNot followed/],
		['radius', { key: main, direction: 'out', hops: null }, new RegExp(parse)],
		['callers', { key: parse }, /c:fn:run:src\/main.c:22-40\tCalls\tsrc\/main.c:30/],
		['callers', { key: parse, max_rows: 1, order_by: 'key' }, /\n1\tc:fn:check_parse[^]*There are more, 2 in all[^]*Not followed, but may mean this: 1 unresolved reference;/],
		['callers', { key: parse, order_by: 'key', after_key: 'c:fn:check_parse:test/parse.c:1-9' }, /\n2\tc:fn:run/],
		['callers', { key: main, callees: true }, /c:fn:run/],
		['path', { from: main, to: parse }, /1\tc:fn:main[^]*2\tc:fn:run/],
		['path', { from: parse, to: main }, /^No way is known/],
		['tree', { key: parse }, /└── c:fn:run/],
		['tests', { keys: [parse] }, /c:fn:check_parse/],
		['diff', { from: 'pt_edge', to: 'pt_edge' }, /^They are the same/],
		['important', {}, /1\tc:fn:parse/],
		['possible_callers', { keys: [parse] }, /c:fn:tool:extra\/tool.c:1-9\tc:fn:parse:unresolved-reference:0-0\tunresolved/],
		['help', {}, /pt_blast_radius/],
		['help', { pattern: 'affected tests' }, /pt_affected_tests\(keys text\[\][^]*Example: SELECT/],
		['sql', { statement: 'SELECT count(*) AS n, $$a\tb\nc$$ AS t FROM pt_entity;' }, /^n\tt\n4\ta b c$/],
	];
	for (const [name, input, expected] of questions) {
		const { text, failed } = await ask(client, name, input);
		assert.ok(!failed, `${name}: ${text}`);
		assert.match(text, expected, name);
	}
});

test('nothing found is never all that is said', async () => {
	const unread = /Not read: 2 files[^]*\(2026-01-02 03:04\)/;
	assert.match((await ask(client, 'radius', { key: main })).text, /Nothing is known[^]*Not followed: no reference/);
	assert.match((await ask(client, 'callers', { key: main })).text, /Nothing is known[^]*Not followed/);
	assert.match((await ask(client, 'tests', { keys: [main] })).text, /No test is known[^]*Not followed/);
	assert.match((await ask(client, 'search', { query: 'nothing of that name' })).text, /Nothing has[^]*Not read: 3 files/);
	for (const [name, input] of [['radius', { key: main }], ['radius', { key: parse }], ['callers', { key: parse }], ['tests', { keys: [parse] }], ['tree', { key: parse }],
		['path', { from: parse, to: main }], ['possible_callers', { keys: [main] }]])
		assert.match((await ask(client, name, input)).text, unread, name);
	assert.match((await ask(client, 'context', { keys: [parse] })).text, /not followed: 1 \(1 unresolved\)\nfiles in their language[^]*: 2\)$/);
	assert.match((await ask(client, 'diff', { from: 'pt_edge', to: 'pt_edge' })).text, /They are the same[^]*Not read: 3 files/);
});

test('errors come with hint and detail', async () => {
	const missing = await ask(client, 'radius', { key: 'c:fn:parse:src/parse.c:5-91' });
	assert.ok(missing.failed);
	assert.match(missing.text, /does not exist/);
	assert.match(missing.text, /Detail: /);
	assert.match(missing.text, /Hint: [^]*c:fn:parse:src\/parse.c:5-90/);
	assert.match(missing.text, /SQLSTATE 42704/);
	assert.doesNotMatch(missing.text, /missing_ok/);
	assert.match((await ask(client, 'radius', { key: 'c:fn:nosuchname:x' })).text, /Hint: search finds keys/);
	assert.match((await ask(client, 'sql', { statement: 'DELETE FROM pt_edge' })).text, /Hint: sql takes one query/);
	assert.ok((await ask(client, 'radius', { key: parse, hops: -1 })).failed);
	// the connection goes on
	assert.ok(!(await ask(client, 'search', { query: 'run' })).failed);
});

test('nothing is written', async () => {
	for (const statement of ["DELETE FROM pt_edge", "SELECT 1; DELETE FROM pt_edge", "COMMIT; DELETE FROM pt_edge", "WITH d AS (DELETE FROM pt_edge RETURNING 1) SELECT * FROM d",
		"SELECT pt_insert_edge('a', 'b')", "COMMIT", "COPY pt_edge TO STDOUT", "SELECT pg_catalog.set_config('transaction_read_only', 'off', false), pt_insert_edge('a', 'b')"])
		assert.ok((await ask(client, 'sql', { statement })).failed, statement);
	const db = new pg.Client();
	await db.connect();
	assert.equal((await db.query('SELECT count(*)::int AS n FROM pt_edge')).rows[0].n, 4);
	await db.end();
});

test('answers are within their bound', async () => {
	for (const bound of [300, 500, 2000]) {
		const small = await start({ PARSELTONGUE_MAX_TOKENS: String(bound) });
		for (const [name, input] of [['help', { pattern: 'edges' }], ['help', {}], ['context', { keys: [parse, main] }], ['radius', { key: parse }],
			['sql', { statement: 'SELECT i, repeat($$x$$, 100) FROM generate_series(1, 1000) AS i', max_rows: 1000 }], ['sql', { statement: 'SELECT repeat($$ä$$, 100000)' }]]) {
			const { text } = await ask(small, name, input);
			assert.ok(tokens(text) <= bound, `${name}: ${tokens(text)} of ${bound}`);
		}
	}
	const { text } = await ask(client, 'sql', { statement: 'SELECT i FROM generate_series(1, 1000) AS i', max_rows: 10 });
	assert.match(text, /\n10\nThere are more than 10 rows\.$/);
	assert.ok(tokens((await ask(client, 'context', { keys: [parse], max_tokens: 200 })).text) <= 200);
});

test('a server that cannot be had is an error', async () => {
	const lost = await start({ PGPORT: '1' });
	assert.ok((await ask(lost, 'search', { query: 'x' })).failed);
});

test('the pieces', () => {
	assert.equal(cut('aäb', 2), 'a');
	assert.equal(cut('aäb', 3), 'aä');
	assert.equal(tokens('abcde'), 2);
	assert.deepEqual([...table([{ a: 1, b: null }, { a: 'x\ny', b: { c: 1 } }])], ['a\tb', '1\t', 'x y\t{"c":1}']);
	assert.match(fit(table(Array.from({ length: 100 }, (_, a) => ({ a: `${a}`.padStart(20) }))), ['note'], 100), /\.\.\. 1\d of 100 rows shown[^]*\nnote$/);
	assert.equal(failure(Object.assign(new Error('m'), { detail: 'd', hint: 'h', code: '42704' })).content[0].text, 'm\nDetail: d\nHint: h\nSQLSTATE 42704');
});
