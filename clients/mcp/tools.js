// The tools: what an agent may ask, and the statement that answers.
//
// Each is {description, input, run}. run gets (ask, input, bound) and returns a
// text of at most bound tokens; ask(sql, values) gives rows.

import { z } from 'zod';
import { fit, table } from './answer.js';

const key = z.string().min(1).describe('Key of an entity, exactly as search or another tool returned it');
const keys = z.array(z.string().min(1)).min(1).max(100).describe('Keys of entities, exactly as search or another tool returned them');
const hops = z.number().int().min(0).max(1000).nullable().describe('How many edges away at most; null for any distance');
const minConfidence = z.number().min(0).max(1).optional()
	.describe('Follow guesses (references resolved by name) of at least this confidence; 1 follows facts only. Default: the server\'s setting, 0.5');
const maxRows = z.number().int().min(1).max(1000).default(50).describe('Rows to return at most; the total is always told');

// What an answer about callers cannot know, in a line.
async function missing(ask, these, confidence) {
	const rows = await ask('SELECT why, count FROM pt_possible_callers_summary($1, min_confidence => $2)', [these, confidence ?? null]);
	const found = rows.filter((row) => Number(row.count) > 0);

	if (found.length === 0)
		return 'Not followed: no reference in the code is left that may mean this.';
	return `Not followed: ${found.map((row) => `${row.count} ${row.why}`).join(', ')} reference(s) that may mean this; possible_callers lists them.`;
}

// Rows that know their total.
function page(rows, notes, bound, none, total = rows.length > 0 ? Number(rows[0].total) : 0) {
	const columns = rows.length > 0 ? Object.keys(rows[0]).filter((column) => column !== 'total') : [];

	if (rows.length === 0)
		return fit([], [none, ...notes], bound);
	return fit(table(rows, columns), notes, bound, total);
}

export const tools = {
	search: {
		description: 'Find entities (functions, types, files) by name, part of a name, or a misspelt one. Begin here: other tools take the keys that this returns.',
		input: {
			query: z.string().min(1).max(1000).describe('A name, a part of one, or a key'),
			max_results: z.number().int().min(1).max(100).default(10),
		},
		async run(ask, { query, max_results }, bound) {
			const rows = await ask('SELECT key, entity_type AS type, file_path AS file, line_start AS line, match FROM pt_search($1, $2)', [query, max_results]);

			return rows.length === 0 ? 'Nothing has such a name.' : fit(table(rows), [], bound);
		},
	},

	context: {
		description: 'What to read before changing some entities: their code, callers, callees, types and tests, the most relevant first, within max_tokens. Says what was left out.',
		input: {
			keys,
			max_tokens: z.number().int().min(200).max(100000).default(4000),
			min_confidence: minConfidence,
		},
		async run(ask, { keys: these, max_tokens, min_confidence }, bound) {
			// some of it is for the headings
			const most = Math.max(Math.floor(Math.min(max_tokens, bound) * 0.8), 120);
			const rows = await ask('SELECT * FROM pt_context($1, $2, min_confidence => $3)', [these, most, min_confidence ?? null]);
			const lines = rows.filter((row) => row.rank !== null).map((row) =>
				`## ${row.key}\n${row.relation}${row.distance > 0 ? `, distance ${row.distance}` : ''}${row.certain ? '' : ', by a guess'}\n${row.content}`);

			return fit(lines, rows.filter((row) => row.rank === null).map((row) => `(${row.content})`), Math.min(max_tokens, bound));
		},
	},

	radius: {
		description: 'Everything that depends on an entity, directly or indirectly: what may break if it changes. Nearest first, a page at a time. With direction out: everything it depends on.',
		input: {
			key,
			hops: hops.default(3),
			direction: z.enum(['in', 'out', 'both']).default('in'),
			order_by: z.enum(['distance', 'rank', 'key']).default('distance').describe('rank: by importance, where pt_rank has been called'),
			after_key: z.string().optional().describe('Go on behind this key, the last of the page before'),
			min_confidence: minConfidence,
			max_rows: maxRows,
		},
		async run(ask, input, bound) {
			const rows = await ask('SELECT place, key, distance, certain, total FROM pt_impact_page(ARRAY[$1], $2, $3, $4, $5, $6, min_confidence => $7)',
				[input.key, input.hops, input.direction, input.order_by, input.max_rows, input.after_key ?? null, input.min_confidence ?? null]);
			const notes = [await missing(ask, [input.key], input.min_confidence)];

			if (rows.length > 0 && Number(rows.at(-1).place) < Number(rows[0].total))
				notes.unshift(`There are more, ${rows[0].total} in all.`);
			return page(rows, notes, bound, input.after_key === undefined ? 'Nothing is known to be within that distance.' : 'There are no more.', rows.length);
		},
	},

	callers: {
		description: 'The direct callers and users of an entity, with the place of each reference; or what it calls and uses itself.',
		input: { key, callees: z.boolean().default(false).describe('What the entity refers to, instead of what refers to it'), min_confidence: minConfidence, max_rows: maxRows },
		async run(ask, { key: start, callees, min_confidence, max_rows }, bound) {
			const [f, column] = callees ? ['pt_callees', 'to_key'] : ['pt_callers', 'from_key'];
			const rows = await ask(`SELECT ${column} AS key, edge_type AS type, source_location AS place, confidence, count(*) OVER () AS total FROM ${f}($1, min_confidence => $2) ORDER BY confidence DESC NULLS FIRST, ${column} COLLATE "C" LIMIT $3`,
				[start, min_confidence ?? null, max_rows]);

			return page(rows, callees ? [] : [await missing(ask, [start], min_confidence)], bound, callees ? 'It is known to refer to nothing.' : 'Nothing is known to refer to it.');
		},
	},

	path: {
		description: 'A shortest way from one entity to another along calls and uses, edge by edge: how the first comes to depend on the second.',
		input: { from: key, to: key, either_way: z.boolean().default(false).describe('Follow edges against their direction, too'), min_confidence: minConfidence },
		async run(ask, { from, to, either_way, min_confidence }, bound) {
			const rows = await ask('SELECT step, from_key, to_key, edge_type AS type, source_location AS place, confidence FROM pt_path($1, $2, direction => $3, min_confidence => $4)',
				[from, to, either_way ? 'both' : 'out', min_confidence ?? null]);

			return rows.length === 0 ? `No way is known. ${await missing(ask, [to], min_confidence)}` : fit(table(rows), [], bound);
		},
	},

	tree: {
		description: 'What depends on an entity, drawn as an indented tree; with direction out what it depends on.',
		input: { key, hops: hops.default(3), direction: z.enum(['in', 'out', 'both']).default('in'), min_confidence: minConfidence },
		async run(ask, { key: start, hops: distance, direction, min_confidence }, bound) {
			const rows = await ask('SELECT line FROM pt_tree($1, $2, $3, min_confidence => $4) AS t (line)', [start, distance, direction, min_confidence ?? null]);

			return fit(rows.map((row) => row.line), [await missing(ask, [start], min_confidence)], bound);
		},
	},

	tests: {
		description: 'The tests to run after a change of some entities, nearest first.',
		input: { keys, hops: hops.default(null), min_confidence: minConfidence, max_rows: maxRows },
		async run(ask, { keys: these, hops: distance, min_confidence, max_rows }, bound) {
			const rows = await ask('SELECT key, file_path AS file, line_start AS line, distance, certain, nearest_key AS because_of, count(*) OVER () AS total FROM pt_affected_tests($1, $2, min_confidence => $3) LIMIT $4',
				[these, distance, min_confidence ?? null, max_rows]);

			return page(rows, [await missing(ask, these, min_confidence)], bound, 'No test is known to depend on these.');
		},
	},

	diff: {
		description: 'What changed from one codebase to another, and how much depends on it. Codebases are named by their edge tables, such as main.pt_edge; help and sql show which there are (pt_codebases).',
		input: { from: z.string().describe('Edge table of the older one'), to: z.string().describe('Edge table of the newer one'), max_rows: maxRows },
		async run(ask, { from, to, max_rows }, bound) {
			const rows = await ask('SELECT object, change, coalesce(key_b, key_a) AS key, coalesce(to_key_b, to_key_a) AS to_key, detail, count(*) OVER () AS total FROM pt_diff($1::regclass, $2::regclass) ORDER BY object DESC, change, coalesce(key_b, key_a) COLLATE "C", coalesce(to_key_b, to_key_a) COLLATE "C" LIMIT $3',
				[from, to, max_rows]);
			const [radius] = await ask('SELECT count(*) FROM pt_diff_radius($1::regclass, $2::regclass)', [from, to]);

			return page(rows, [`${radius.count} entities within 3 hops depend on what changed.`], bound, 'They are the same.');
		},
	},

	important: {
		description: 'The entities that weigh most in the codebase (PageRank): where to begin reading.',
		input: { max_rows: maxRows },
		async run(ask, { max_rows }, bound) {
			const rows = await ask('SELECT rank, node AS key, round(score::numeric, 6) AS score FROM pt_pagerank() WHERE pt_key_kind(node) = \'local\' ORDER BY rank, node COLLATE "C" LIMIT $1', [max_rows]);

			return rows.length === 0 ? 'There are no edges.' : fit(table(rows), [], bound);
		},
	},

	possible_callers: {
		description: 'References that may mean some entities and are not followed: unresolved ones of that name, and guesses that are not trusted. Look here before you say that nothing uses something.',
		input: { keys, min_confidence: minConfidence, max_rows: maxRows },
		async run(ask, { keys: these, min_confidence, max_rows }, bound) {
			const rows = await ask('SELECT from_key, reference_key, why, confidence, source_location AS place, key AS may_mean, count(*) OVER () AS total FROM pt_possible_callers($1, min_confidence => $2) LIMIT $3',
				[these, min_confidence ?? null, max_rows]);

			return page(rows, [], bound, 'There are none.');
		},
	},

	help: {
		description: 'Functions that the sql tool can call, with arguments, what they answer, and an example.',
		input: { pattern: z.string().max(200).optional().describe('Words that the name or the description must have') },
		async run(ask, { pattern }, bound) {
			const rows = await ask('SELECT * FROM pt_help($1)', [pattern ?? null]);
			const lines = pattern === undefined ? rows.map((row) => row.function) :
				rows.map((row) => `${row.function}(${row.arguments.replace(/ DEFAULT NULL::[a-z\[\] ]+/g, ' DEFAULT NULL')})\n  ${row.answers}\n  Example: ${row.example}`);

			return lines.length === 0 ? 'No function has that in its name or description.' : fit(lines, [], bound);
		},
	},

	sql: {
		description: 'One SELECT statement, read-only, for what no other tool answers. Tables: pt_entity (key, name, entity_type, language, file_path, line_start, line_end, signature, code, properties), pt_edge (from_key, to_key, edge_type, source_location, confidence).',
		input: { statement: z.string().min(1).max(20000), max_rows: maxRows },
		async run(ask, { statement, max_rows }, bound) {
			// a cursor takes nothing but a query, and no more rows than are wanted
			await ask(`DECLARE parseltongue_answer NO SCROLL CURSOR FOR ${statement.replace(/;\s*$/, '')}`, []);
			const rows = await ask(`FETCH ${max_rows + 1} FROM parseltongue_answer`, []);
			const more = rows.length > max_rows;

			if (rows.length === 0)
				return 'No rows.';
			return fit(table(rows.slice(0, max_rows)), more ? [`There are more than ${max_rows} rows.`] : [], bound);
		},
	},
};
