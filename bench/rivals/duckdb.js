// DuckDB: recursive CTEs in the asking process. Of the forms tried (UNION on the
// node, USING KEY with an anti-join) the plain one is the fastest.
'use strict';

const fs = require('fs');
const { converse, tab } = require('./rival.js');

function everything(from, to, result) {
	return `WITH RECURSIVE r(x) AS (SELECT $1::BIGINT UNION SELECT e.${to} FROM r JOIN edge e ON e.${from} = r.x) ${result}`;
}

function bounded(from, to, result) {
	return `WITH RECURSIVE r(x, d) AS (SELECT $1::BIGINT, 0 UNION SELECT e.${to}, r.d + 1
		FROM r JOIN edge e ON e.${from} = r.x WHERE r.d < $2) ${result}`;
}

function queryFor(question) {
	const [from, to] = question.in ? ['b', 'a'] : ['a', 'b'];
	if (question.hops < 0) {
		return everything(from, to, question.rows ? 'SELECT x FROM r WHERE x <> $1' : 'SELECT count(*) - 1 FROM r');
	}
	return bounded(from, to, question.rows ? 'SELECT x, min(d) FROM r WHERE x <> $1 GROUP BY x'
		: 'SELECT count(DISTINCT x) - 1 FROM r');
}

converse(async (setup) => {
	const { DuckDBInstance } = require('@duckdb/node-api');
	const path = `${setup.folder}/edges.duckdb`;
	const there = fs.existsSync(path);
	const instance = await DuckDBInstance.create(path, { memory_limit: '2GB', threads: '2' });
	const connection = await instance.connect();
	const prepared = new Map();

	if (!there) {
		await connection.run(`CREATE TABLE edge AS SELECT column0::BIGINT AS a, column1::BIGINT AS b
			FROM read_csv('${setup.edges}', delim = '${tab}', header = false)`);
		await connection.run('CREATE INDEX edge_a ON edge (a)');
		await connection.run('CREATE INDEX edge_b ON edge (b)');
		await connection.run('CHECKPOINT');
	}
	const version = await (await connection.run('SELECT version()')).getRows();
	setup.say('version', version[0][0]);
	setup.say('settings', "memory_limit 2GB, threads 2; a database file; CREATE INDEX ON edge (a), (b)");
	setup.say('query', queryFor({ in: false, rows: false, hops: -1 }));
	setup.say('query', queryFor({ in: false, rows: true, hops: 2 }));

	return async (question) => {
		const sql = queryFor(question);
		if (!prepared.has(sql)) prepared.set(sql, await connection.prepare(sql));
		const statement = prepared.get(sql);
		statement.bindBigInt(1, BigInt(question.start));
		if (question.hops >= 0) statement.bindInteger(2, question.hops);
		const rows = (await statement.runAndReadAll()).getRows();
		return question.rows ? rows : Number(rows[0][0]);
	};
});
