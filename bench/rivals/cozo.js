// CozoDB: Datalog in the asking process, in memory, and as WebAssembly in one
// thread: its native package downloads its library while it installs and is not
// in the registry. Expect the native one to be some times faster.
'use strict';

const fs = require('fs');
const path = require('path');
const { pathToFileURL } = require('url');
const { converse, readEdges } = require('./rival.js');

function scriptFor(question) {
	const edge = question.in ? '*back{b: x, a: y}' : '*edge{a: x, b: y}';
	const result = question.rows ? (question.hops < 0 ? '?[y] := r[y], y != $start' : '?[y, d] := r[y, d], y != $start')
		: (question.hops < 0 ? '?[count(y)] := r[y], y != $start' : '?[count(y)] := r[y, d], y != $start');
	if (question.hops < 0) {
		return `r[y] := x = $start, ${edge}\nr[y] := r[x], ${edge}\n${result}`;
	}
	return `r[y, min(d)] := x = $start, ${edge}, d = 1
		r[y, min(d)] := r[x, e], e < $hops, ${edge}, d = e + 1\n${result}`;
}

function checked(text) {
	const result = JSON.parse(text);
	if (!result.ok) throw new Error(result.message || result.display || text.slice(0, 300));
	return result;
}

// The package is an ES module without saying so: import a copy that does.
async function library(folder) {
	const from = path.dirname(require.resolve('cozo-lib-wasm/package.json'));
	const copy = path.join(folder, 'cozo_lib_wasm.mjs');
	fs.copyFileSync(path.join(from, 'cozo_lib_wasm.js'), copy);
	const module = await import(pathToFileURL(copy));
	module.initSync(fs.readFileSync(path.join(from, 'cozo_lib_wasm_bg.wasm')));
	return module;
}

function load(database, relation, headers, rows) {
	const step = 100000;
	for (let i = 0; i < rows.length; i += step) {
		checked(database.import_relations(JSON.stringify({ [relation]: { headers, rows: rows.slice(i, i + step) } })));
	}
}

converse(async (setup) => {
	const { CozoDb } = await library(setup.folder);
	const database = CozoDb.new();
	const edges = readEdges(setup.edges);

	checked(database.run(':create edge {a: Int, b: Int}', '{}', false));
	checked(database.run(':create back {b: Int, a: Int}', '{}', false));
	load(database, 'edge', ['a', 'b'], edges);
	load(database, 'back', ['b', 'a'], edges.map(([a, b]) => [b, a]));
	setup.say('version', `${require('cozo-lib-wasm/package.json').version} (WebAssembly)`);
	setup.say('settings', 'in memory; :create edge {a: Int, b: Int}; :create back {b: Int, a: Int}');
	setup.say('query', scriptFor({ in: false, rows: false, hops: -1 }));
	setup.say('query', scriptFor({ in: true, rows: true, hops: 2 }));

	return async (question) => {
		const parameters = JSON.stringify({ start: question.start, hops: question.hops });
		const { rows } = checked(database.run(scriptFor(question), parameters, true));
		// count() over no rows is no row
		return question.rows ? rows : rows.length ? rows[0][0] : 0;
	};
});
