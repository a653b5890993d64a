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

// One or several of something, in words.
const several = (count, one, many) => `${count} ${Number(count) === 1 ? one : many}`;

// What references are called that a walk does not follow.
const unfollowed = {
	unresolved: ['unresolved reference', 'unresolved references'],
	external: ['reference to another package', 'references to other packages'],
	import: ['import', 'imports'],
	guess: ['guess that is not trusted', 'guesses that are not trusted'],
};

// Where files were not read nothing is known of what is in them.
function unread(files, when, language) {
	if (when === null || when === undefined)
		return 'Not read: which files were left out when the code was indexed is not known.';
	const day = when instanceof Date ? when.toISOString().slice(0, 16).replace('T', ' ') : when;
	if (Number(files) === 0)
		return `All files${language} were read when the code was indexed (${day}).`;
	return `Not read: ${several(files, 'file', 'files')}${language}, or not all of ${Number(files) === 1 ? 'it' : 'them'}, when the code was indexed (${day}).`;
}

// What an answer about what depends on these cannot know, in two lines.
async function missing(ask, these, confidence) {
	const rows = await ask('SELECT why, count, as_of FROM pt_possible_callers_summary($1, min_confidence => $2, missing_ok => true)', [these, confidence ?? null]);
	const found = rows.filter((row) => row.why !== 'unread' && Number(row.count) > 0);
	const left = rows.find((row) => row.why === 'unread');
	const references = found.length === 0 ? 'Not followed: no reference in the code is left that may mean this.'
		: `Not followed, but may mean this: ${found.map((row) => several(row.count, ...unfollowed[row.why])).join(', ')}; possible_callers lists them.`;

	return `${references}\n${unread(left.count, left.as_of, ' in its language')}`;
}

// The same of an answer that is about no entity in particular.
async function unreadAtAll(ask) {
	const [row] = await ask("SELECT sum(files) FILTER (WHERE language IS NOT NULL) AS files, coalesce(max(indexed_at) FILTER (WHERE reason IS NULL), max(indexed_at)) AS indexed_at FROM pt_left_out_summary()", []);

	return unread(row.files ?? 0, row.indexed_at, ' of languages that are read');
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

			return rows.length === 0 ? `Nothing has such a name. ${await unreadAtAll(ask)}` : fit(table(rows), [], bound);
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
			const lines = rows.filter((row) => row.place !== null).map((row) =>
				`## ${row.key}\n${row.relation}${row.distance > 0 ? `, distance ${row.distance}` : ''}${row.certain ? '' : ', by a guess'}\n${row.content}`);

			return fit(lines, rows.filter((row) => row.place === null).map((row) => `(${row.content})`), Math.min(max_tokens, bound));
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
			const notes = input.direction === 'out' ? [] : [await missing(ask, [input.key], input.min_confidence)];

			if (rows.length > 0 && Number(rows.at(-1).place) < Number(rows[0].total))
				notes.unshift(`There are more, ${rows[0].total} in all.`);
			return page(rows, notes, bound, input.after_key === undefined ? 'Nothing is known to be within that distance.' : 'There are no more.', rows.length);
		},
	},

	callers: {
		description: 'The direct callers and users of an entity, with the place of each reference; or what it calls and uses itself.',
		input: {
			key,
			callees: z.boolean().default(false).describe('What the entity refers to, instead of what refers to it'),
			order_by: z.enum(['confidence', 'rank', 'key']).default('confidence').describe('confidence: facts first; rank: by importance, where pt_rank has been called'),
			after_key: z.string().optional().describe('Go on behind this key, the last of the page before'),
			min_confidence: minConfidence,
			max_rows: maxRows,
		},
		async run(ask, { key: start, callees, order_by, after_key, min_confidence, max_rows }, bound) {
			const rows = await ask(`SELECT place, key, array_to_string(edge_types, ', ') AS types, array_to_string(source_locations, ' ') AS places, confidence, total
				FROM pt_callers_page($1, $2, $3, $4, $5, min_confidence => $6)`,
				[start, callees ? 'out' : 'in', order_by, max_rows, after_key ?? null, min_confidence ?? null]);
			const notes = callees ? [] : [await missing(ask, [start], min_confidence)];

			if (rows.length > 0 && Number(rows.at(-1).place) < Number(rows[0].total))
				notes.unshift(`There are more, ${rows[0].total} in all.`);
			return page(rows, notes, bound, after_key !== undefined ? 'There are no more.' : callees ? 'It is known to refer to nothing.' : 'Nothing is known to refer to it.', rows.length);
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

			return fit(rows.map((row) => row.line), direction === 'out' ? [] : [await missing(ask, [start], min_confidence)], bound);
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
			const changed = [...new Set(rows.filter((row) => row.object === 'entity').map((row) => row.key))];

			// the references are those of the newer one
			await ask("SELECT set_config('parseltongue.graph', $1, true)", [to]);
			return page(rows, [`${radius.count} entities within 3 hops depend on what changed.`, rows.length === 0 ? await unreadAtAll(ask) : await missing(ask, changed)],
				bound, 'They are the same.');
		},
	},

	important: {
		description: 'The entities that weigh most in the codebase (PageRank): where to begin reading.',
		input: { max_rows: maxRows },
		async run(ask, { max_rows }, bound) {
			const best = (most) => ask('SELECT row_number() OVER (ORDER BY rank, node COLLATE "C") AS place, node AS key, round(score::numeric, 6) AS score FROM pt_pagerank(max_results => $2) WHERE pt_key_kind(node) = \'local\' ORDER BY 1 LIMIT $1', [max_rows, most]);
			// names of other packages are among the best, too, and to list all of a large codebase takes long
			let rows = await best(20 * max_rows + 1000);

			if (rows.length < max_rows)
				rows = await best(null);
			return rows.length === 0 ? 'There are no edges.' : fit(table(rows), [], bound);
		},
	},

	possible_callers: {
		description: 'References that may mean some entities and are not followed: unresolved ones of that name, and guesses that are not trusted. Look here before you say that nothing uses something.',
		input: { keys, min_confidence: minConfidence, max_rows: maxRows },
		async run(ask, { keys: these, min_confidence, max_rows }, bound) {
			const rows = await ask('SELECT from_key, reference_key, why, confidence, source_location AS place, key AS may_mean, count(*) OVER () AS total FROM pt_possible_callers($1, min_confidence => $2) LIMIT $3',
				[these, min_confidence ?? null, max_rows]);

			const [left] = await ask("SELECT count, as_of FROM pt_possible_callers_summary($1, min_confidence => $2) WHERE why = 'unread'", [these, min_confidence ?? null]);

			return page(rows, [unread(left.count, left.as_of, ' in their languages')], bound, 'There are none.');
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
			await ask(`DECLARE parseltongue_answer NO SCROLL CURSOR FOR ${statement.replace(/;\s*$/, '')}`, []).catch((error) => {
				throw error.code === '42601' && !error.hint ? Object.assign(error, { hint: 'sql takes one query: SELECT, VALUES, TABLE or WITH, and nothing behind it.' }) : error;
			});
			const rows = await ask(`FETCH ${max_rows + 1} FROM parseltongue_answer`, []);
			const more = rows.length > max_rows;

			if (rows.length === 0)
				return 'No rows.';
			return fit(table(rows.slice(0, max_rows)), more ? [`There are more than ${max_rows} rows.`] : [], bound);
		},
	},
};
