// DuckDB for algorithms over the whole graph: what people write in its SQL, step by step, as
// algorithms.sql does in PostgreSQL's. Called with EDGES, speaks as algorithms.c does. Its
// extension for graphs is in no registry of packages, only in a repository of its own.
'use strict';

const fs = require('fs');
const readline = require('readline');
const { now, tab } = require('./rival.js');

const ITERATIONS = 10;

async function value(connection, sql) {
	return (await (await connection.run(sql)).getRows())[0][0];
}

async function components(connection) {
	await connection.run('CREATE OR REPLACE TEMP TABLE links AS SELECT a, b FROM edge UNION SELECT b, a FROM edge');
	await connection.run('CREATE OR REPLACE TEMP TABLE labels AS SELECT DISTINCT a AS node, a AS label FROM links');
	for (let changed = 1; changed > 0;) {
		await connection.run(`CREATE OR REPLACE TEMP TABLE next AS
			SELECT a AS node, least(min(l.label), min(m.label)) AS label
			FROM links JOIN labels AS l ON l.node = b JOIN labels AS m ON m.node = a GROUP BY a`);
		changed = Number(await value(connection,
			'SELECT count(*) FROM next JOIN labels USING (node) WHERE next.label <> labels.label'));
		await connection.run('CREATE OR REPLACE TEMP TABLE labels AS FROM next');
	}
	return Number(await value(connection, 'SELECT count(DISTINCT label) FROM labels'));
}

async function pagerank(connection) {
	await connection.run(`CREATE OR REPLACE TEMP TABLE ranks AS SELECT node, sum(degree) AS degree, 0::DOUBLE AS rank
		FROM (SELECT a AS node, 1 AS degree FROM edge UNION ALL SELECT b, 0 FROM edge) GROUP BY node`);
	const n = Number(await value(connection, 'SELECT count(*) FROM ranks'));
	await connection.run(`UPDATE ranks SET rank = 1.0::DOUBLE / ${n}`);
	for (let i = 0; i < ITERATIONS; i++) {
		await connection.run(`CREATE OR REPLACE TEMP TABLE next AS
			WITH given AS (SELECT e.b AS node, sum(r.rank / r.degree) AS rank FROM edge AS e JOIN ranks AS r ON r.node = e.a GROUP BY e.b)
			SELECT r.node, r.degree, 0.15::DOUBLE / ${n} + 0.85::DOUBLE * (coalesce(g.rank, 0)
				+ (SELECT coalesce(sum(rank), 0) FROM ranks WHERE degree = 0) / ${n}) AS rank
			FROM ranks AS r LEFT JOIN given AS g USING (node)`);
		await connection.run('CREATE OR REPLACE TEMP TABLE ranks AS FROM next');
	}
	return Number(await value(connection, 'SELECT max(rank) FROM ranks'));
}

const questions = { components, pagerank };

async function main() {
	const { DuckDBInstance } = require('@duckdb/node-api');
	const instance = await DuckDBInstance.create(':memory:', { memory_limit: '8GB', threads: '2' });
	const connection = await instance.connect();

	await connection.run(`CREATE TABLE edge AS SELECT column0::BIGINT AS a, column1::BIGINT AS b
		FROM read_csv('${process.argv[2]}', delim = '${tab}', header = false)`);
	fs.writeSync(1, 'ready\n');
	for await (const line of readline.createInterface({ input: process.stdin })) {
		const name = line.trim();
		if (!questions[name]) {
			fs.writeSync(1, [name, 'cannot', ''].join(tab) + '\n');
			continue;
		}
		const begun = now();
		const answer = await questions[name](connection);
		fs.writeSync(1, [name, (now() - begun).toFixed(1), answer].join(tab) + '\n');
	}
	process.exit(0);
}

main();
