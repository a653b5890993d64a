// Kuzu: Cypher with SHORTEST, its breadth-first search. The greatest number of
// hops has to be a literal and is set to what the answer needs.
'use strict';

const fs = require('fs');
const { converse, tab } = require('./rival.js');

function queryFor(question) {
	const hops = question.hops < 0 ? question.levels : question.hops;
	const arrow = (name) => (question.in ? `<-[${name}:Edge* SHORTEST 1..${hops}]-` : `-[${name}:Edge* SHORTEST 1..${hops}]->`);
	return question.rows
		? `MATCH (a:Node {id: $start})${arrow('e')}(b:Node) RETURN b.id, length(e)`
		: `MATCH (a:Node {id: $start})${arrow('')}(b:Node) RETURN count(*) AS n`;
}

converse(async (setup) => {
	const kuzu = require('kuzu');
	const path = `${setup.folder}/edges.kuzu`;
	const there = fs.existsSync(path);
	const database = new kuzu.Database(path, 2e9);
	const connection = new kuzu.Connection(database, 2);
	const prepared = new Map();

	if (!there) {
		const nodes = `${setup.folder}/nodes.csv`;
		const edges = `${setup.folder}/edges.csv`;
		fs.writeFileSync(nodes, Array.from({ length: setup.nodes }, (_, i) => `${i}\n`).join(''));
		fs.copyFileSync(setup.edges, edges);
		await connection.query('CREATE NODE TABLE Node(id INT64, PRIMARY KEY(id))');
		await connection.query('CREATE REL TABLE Edge(FROM Node TO Node)');
		await connection.query(`COPY Node FROM '${nodes}'`);
		await connection.query(`COPY Edge FROM '${edges}' (DELIM='${tab}', HEADER=false)`);
		fs.unlinkSync(nodes);
		fs.unlinkSync(edges);
	}
	await connection.query('CALL var_length_extend_max_depth=4000000000');
	setup.say('version', kuzu.VERSION);
	setup.say('settings', 'buffer pool 2 GB, 2 threads; a database file; relations stored in both directions');
	setup.say('query', queryFor({ in: false, rows: false, hops: 30 }));
	setup.say('query', queryFor({ in: true, rows: true, hops: 2 }));

	return async (question) => {
		const cypher = queryFor(question);
		if (!prepared.has(cypher)) {
			const statement = await connection.prepare(cypher);
			if (!statement.isSuccess()) throw new Error(statement.getErrorMessage());
			prepared.set(cypher, statement);
		}
		const result = await connection.execute(prepared.get(cypher), { start: question.start });
		const rows = await result.getAll();
		return question.rows ? rows : Number(rows[0].n);
	};
});
