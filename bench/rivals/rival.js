// The conversation of rival.c for rivals in JavaScript. A rival calls
// converse(load): load(setup) loads the graph, says version, settings and queries
// with setup.say, and gives a function that answers a question with the number of
// nodes reached or, where question.rows, with an array of rows, each of a node and
// perhaps its distance; with null if it cannot.
'use strict';

const fs = require('fs');
const readline = require('readline');

const tab = String.fromCharCode(9);

function say(what, ...fields) {
	fs.writeSync(1, [what, ...fields].map((f) => String(f).replace(/\s+/g, ' ').trim()).join(tab) + '\n');
}

// The edge list as [[source, target], ...]
function readEdges(path) {
	return fs.readFileSync(path, 'latin1').trimEnd().split('\n').map((line) => line.split(tab).map(Number));
}

function now() {
	return Number(process.hrtime.bigint()) / 1000;
}

// An answer to be compared: see rival.c
function write(rows, path) {
	fs.writeFileSync(path, rows.map((row) => Object.values(row).join(tab) + '\n').join(''));
}

async function answer(ask, folder, line) {
	const [direction, hops, mode, start, levels, warm, runs, budget] = line.split(tab);
	const question = {
		in: direction === 'in', rows: mode !== 'count', hops: Number(hops),
		levels: Number(levels), start: Number(start),
	};
	const begun = now();
	const times = [];
	let found = null;
	let enough = Number(runs);

	if (warm === '1') {
		found = await ask(question);
		if (now() - begun > budget * 1000) {
			times.push(now() - begun);
			enough = 1;
		}
	}
	while (times.length < enough && (times.length === 0 || now() - begun < budget * 1000)) {
		const from = now();
		found = await ask(question);
		times.push(now() - from);
	}
	if (found === null) {
		say('cannot');
		return;
	}
	if (mode === 'set') write(found, `${folder}/answer`);
	say('answer', question.rows ? found.length : found, -1, -1, ...times.map((t) => t.toFixed(1)));
}

async function converse(load) {
	const [graph, edges, nodes, folder] = process.argv.slice(2);
	const begun = now();

	try {
		const ask = await load({ graph, edges, nodes: Number(nodes), folder, say });
		say('loaded', ((now() - begun) / 1e6).toFixed(3));
		say('ready');
		for await (const line of readline.createInterface({ input: process.stdin })) {
			try {
				await answer(ask, folder, line);
			} catch (error) {
				say('error', error.message);
			}
		}
	} catch (error) {
		say('error', error.message);
	}
	process.exit(0);
}

module.exports = { converse, now, readEdges, tab };
